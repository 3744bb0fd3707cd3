import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { selectBuildUlimits } from '../src/build/build-ulimits.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [withCapability, withoutCapability] = ['CapEff:\t000001ffffffffff\n', 'CapEff:\t000001fffeffffff\n'];

/** Returns the text of `/proc/self/limits`, in part. */
const limits = (openFiles: string, processes: string) =>
  `Max processes             ${processes}                ${processes}                processes \n` +
  `Max open files            1024                 ${openFiles}                files     \n`;

function writeConf(text: string): string {
  const path = join(folder, 'containers.conf');
  writeFileSync(path, text);
  return path;
}

describe('selectBuildUlimits', () => {
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
  ])('reads default_ulimits: %s', (_what, text, expected) => {
    expect(selectBuildUlimits(writeConf(text), { limits: limits('20000', '96365'), status: withCapability })).toEqual(expected);
  });

  it.each([
    ['both hard limits', limits('20000', '96365'), undefined, ['nofile=20000:20000', 'nproc=96365:96365']],
    ['no limit that is high enough', limits('1048576', 'unlimited'), undefined, []],
    [
      'no limit that is configured',
      limits('20000', '96365'),
      'default_ulimits = ["nofile=100:200"]',
      ['nofile=100:200', 'nproc=96365:96365'],
    ],
  ])('adds, without CAP_SYS_RESOURCE, %s', (_what, text, conf, expected) => {
    const path = conf === undefined ? undefined : writeConf(conf);
    expect(selectBuildUlimits(path, { limits: text, status: withoutCapability })).toEqual(expected);
  });
});
