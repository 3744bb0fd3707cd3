import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDefaultUlimits } from '../src/build/default-ulimits.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readDefaultUlimits', () => {
  it.each([
    [
      'one line',
      '[containers]\ndefault_ulimits = [ "nofile=20000:20000", "nproc=4096:4096" ]\n',
      ['nofile=20000:20000', 'nproc=4096:4096'],
    ],
    ['several lines', "default_ulimits = [\n  'nofile=1024',\n]\n", ['nofile=1024']],
    ['a comment', '#default_ulimits = [ "nofile=1280:2560" ]\n', []],
    ['an empty list', 'default_ulimits = []\n', []],
    ['no setting', '[containers]\n', []],
  ])('reads %s', (_what, text, expected) => {
    const path = join(folder, 'containers.conf');
    writeFileSync(path, text);
    expect(readDefaultUlimits(path)).toEqual(expected);
  });

  it('returns none without a file', () => {
    expect(readDefaultUlimits(undefined)).toEqual([]);
  });
});
