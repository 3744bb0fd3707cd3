import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { selectBuildUlimits } from '../src/build/build-ulimits.ts';

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

/** Writes a settings file. @returns the environment of a podman that reads it */
function writeConf(text: string) {
  const path = join(folder, 'containers.conf');
  writeFileSync(path, text);
  return { CONTAINERS_CONF: path };
}

describe('selectBuildUlimits', () => {
  it.each([
    [
      'one line',
      '[containers]\ndefault_ulimits = [ "nofile=20000:20000", "nproc=4096:4096" ]\n',
      ['nofile=20000:20000', 'nproc=4096:4096'],
    ],
    ['several lines', "[containers]\ndefault_ulimits = [\n#  'nofile=1',\n  'nofile=1024',\n]\n", ['nofile=1024']],
    ['a comment', '[containers]\n#default_ulimits = [ "nofile=1280:2560" ]\n', []],
    ['an empty list', '[containers]\ndefault_ulimits = []\n', []],
    ['another section', '[engine]\ndefault_ulimits = [ "nofile=1280:2560" ]\n', []],
    ['no setting', '[containers]\n', []],
  ])('reads default_ulimits: %s', (_what, text, expected) => {
    expect(selectBuildUlimits(writeConf(text), host('20000', '96365', withCapability))).toEqual(expected);
  });

  it.each([
    ['both hard limits', ['20000', '4096'], '', ['nofile=20000:20000', 'nproc=4096:4096']],
    ['no more processes than there are ids', ['20000', '96365'], '', ['nofile=20000:20000', 'nproc=32768:32768']],
    ['no limit that is high enough', ['1048576', 'unlimited'], '', []],
    [
      'no limit that is configured',
      ['20000', '4096'],
      '[containers]\ndefault_ulimits = ["nofile=100:200"]',
      ['nofile=100:200', 'nproc=4096:4096'],
    ],
  ] as const)('adds, without CAP_SYS_RESOURCE, %s', (_what, [openFiles, processes], text, expected) => {
    expect(selectBuildUlimits(writeConf(text), host(openFiles, processes, withoutCapability))).toEqual(expected);
  });

  it('reads the last file of the user that has the setting, without CONTAINERS_CONF', () => {
    const settings = join(folder, 'user/containers');
    mkdirSync(join(settings, 'containers.conf.d'), { recursive: true });
    const write = (file: string, text: string) => writeFileSync(join(settings, file), `[containers]\n${text}\n`);
    write('containers.conf', 'default_ulimits = ["nofile=1"]');
    write('containers.conf.d/1.conf', 'default_ulimits = ["nofile=2"]');
    write('containers.conf.d/2.conf', 'no_hosts = false');
    const env = { XDG_CONFIG_HOME: join(folder, 'user'), CONTAINERS_CONF: '' };
    expect(selectBuildUlimits(env, host('20000', '4096', withCapability))).toEqual(['nofile=2']);
  });
});
