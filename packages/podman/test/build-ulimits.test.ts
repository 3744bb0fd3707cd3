import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listSettingsFiles, selectBuildUlimits } from '../src/build/build-ulimits.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [withCapability, withoutCapability] = ['CapEff:\t000001ffffffffff\n', 'CapEff:\t000001fffeffffff\n'];

/** Returns what `/proc` says of a host, in part. */
const host = (openFiles: string, processes: string, status: string) => ({
  limits:
    `Max processes             ${processes}                ${processes}                processes \n` +
    `Max open files            1024                 ${openFiles}                files     \n`,
  status,
  pidMax: '32768\n',
});

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
    expect(selectBuildUlimits([join(folder, 'missing'), writeConf(text)], host('20000', '96365', withCapability))).toEqual(expected);
  });

  it.each([
    ['both hard limits', ['20000', '4096'], '', ['nofile=20000:20000', 'nproc=4096:4096']],
    ['no more processes than there are ids', ['20000', '96365'], '', ['nofile=20000:20000', 'nproc=32768:32768']],
    ['no limit that is high enough', ['1048576', 'unlimited'], '', []],
    ['no limit that is configured', ['20000', '4096'], 'default_ulimits = ["nofile=100:200"]', ['nofile=100:200', 'nproc=4096:4096']],
  ] as const)('adds, without CAP_SYS_RESOURCE, %s', (_what, [openFiles, processes], text, expected) => {
    expect(selectBuildUlimits([writeConf(text)], host(openFiles, processes, withoutCapability))).toEqual(expected);
  });
});

describe('listSettingsFiles', () => {
  it('returns one file that replaces the others, else those of the user and the host', () => {
    expect(listSettingsFiles('/set-up.conf', { CONTAINERS_CONF: '/own.conf' })).toEqual(['/set-up.conf']);
    expect(listSettingsFiles(undefined, { CONTAINERS_CONF: '/own.conf' })).toEqual(['/own.conf']);
    expect(listSettingsFiles(undefined, { XDG_CONFIG_HOME: '/user' })).toEqual([
      '/user/containers/containers.conf',
      '/etc/containers/containers.conf',
      '/usr/share/containers/containers.conf',
    ]);
  });
});
