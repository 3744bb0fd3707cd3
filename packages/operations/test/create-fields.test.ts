import { describe, expect, test } from 'vitest';
import { portsOf, publishArgument } from '../src/container/create/ports.ts';
import { splitWords } from '../src/container/create/split-words.ts';
import { volumesOf } from '../src/container/create/volumes.ts';
import { create } from '../src/container/create.ts';
import { environmentArguments } from '../src/container/environment.ts';
import { check } from '../src/index.ts';
import { recordingPodman } from './recording-podman.ts';

describe('words of a command', () => {
  test.each([
    ['sleep 300', ['sleep', '300']],
    ['  a\t b\n', ['a', 'b']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    [`'a\\b' "a\\b" "a\\"b" "\\$x"`, ['a\\b', 'a\\b', 'a"b', '$x']],
    ['$HOME *.txt ; | & > # no comment `x`', ['$HOME', '*.txt', ';', '|', '&', '>', '#', 'no', 'comment', '`x`']],
    ['a\\\nb "c\\\nd"', ['ab', 'cd']],
    ["it''s", ['its']],
  ])('%j', (text, words) => expect(splitWords(text)).toEqual(words));

  test.each(["'open", '"open', 'ends in \\'])('%j can not be split', text => expect(() => splitWords(text)).toThrow(SyntaxError));
});

describe('ports', () => {
  test.each([
    [{ '8080': '80' }, ['8080:80/tcp']],
    [{ '8080': 80 }, ['8080:80/tcp']],
    [{ '8080': '80/udp' }, ['8080:80/udp']],
    [{ '0': '80' }, ['80/tcp']],
    [{ '': '80' }, ['80/tcp']],
    [{ '127.0.0.1:8080': '80' }, ['127.0.0.1:8080:80/tcp']],
    [{ '80/tcp': 8080 }, ['8080:80/tcp']],
    [{ '80/tcp': 0 }, ['80/tcp']],
    [{ '80/tcp': null }, ['80/tcp']],
    [{ '80/udp': ['127.0.0.1', 8080] }, ['127.0.0.1:8080:80/udp']],
    [
      ['80', '127.0.0.1:8080:80/tcp', '127.0.0.1::80', '[::1]:8080:80'],
      ['80/tcp', '127.0.0.1:8080:80/tcp', '127.0.0.1::80/tcp', '[::1]:8080:80/tcp'],
    ],
  ] as const)('%j', (ports, published) => {
    expect(portsOf(ports).map(publishArgument)).toEqual(published.map(port => `--publish=${port}`));
  });

  test.each([[{ a: '80' }], [{ '8080': '' }], [['80/icmp']], [['0:0']], [['99999']], [['80 --privileged']], [['1.2.3.4:80']]])(
    '%j is a 400',
    ports => {
      expect(() => check(create, { image: 'a', name: 'b', ports })).toThrow(expect.objectContaining({ status: 400 }));
    },
  );
});

describe('volumes', () => {
  test.each([
    [{ '/host': '/container' }, [{ source: '/host', target: '/container', mode: 'rw' }]],
    [{ '/host': { bind: '/container', mode: 'ro' } }, [{ source: '/host', target: '/container', mode: 'ro' }]],
    [
      ['name:/container:ro', 'other:/c'],
      [
        { source: 'name', target: '/container', mode: 'ro' },
        { source: 'other', target: '/c', mode: 'rw' },
      ],
    ],
  ] as const)('%j', (volumes, expected) => expect(volumesOf(volumes)).toEqual(expected));

  test.each([
    [{ './here': '/c' }],
    [{ '~/x': '/c' }],
    [{ name: 'relative' }],
    [{ name: '/c/../etc' }],
    [{ '/a,b': '/c' }],
    [{ '/host': { bind: '/c', mode: 'rw,exec' } }],
    [['/only']],
    [['a:/b:ro:/c']],
    [{ '--flag': '/c' }],
  ])('%j is a 400', volumes => {
    expect(() => check(create, { image: 'a', name: 'b', volumes })).toThrow(expect.objectContaining({ status: 400 }));
  });

  test('folders of the host need leave, by their real path', async () => {
    const { mkdtempSync, mkdirSync, realpathSync, rmSync, symlinkSync } = await import('node:fs');
    const { planMounts } = await import('../src/container/create/mounts.ts');
    const podman = { ...recordingPodman(), mountsOf: async () => [] };
    const folder = realpathSync(mkdtempSync('/tmp/podman-api-mounts-'));
    mkdirSync(`${folder}/allowed/sub`, { recursive: true });
    mkdirSync(`${folder}/allowed-not`);
    symlinkSync('/etc', `${folder}/allowed/link`);
    symlinkSync(`${folder}/allowed/sub`, `${folder}/in`);
    const allowed = [`${folder}/allowed`];
    const mount = async (source: string) => (await planMounts(podman, [{ source, target: '/c', mode: 'ro' }], allowed)).args;
    expect(await mount(`${folder}/allowed/sub`)).toEqual([`--volume=${folder}/allowed/sub:/c:ro`]);
    expect(await mount(`${folder}/in`)).toEqual([`--volume=${folder}/allowed/sub:/c:ro`]);
    expect(await mount('name')).toEqual(['--volume=name:/c:ro']);
    for (const source of [
      '/',
      '/etc',
      `${folder}/allowed/link`,
      `${folder}/allowed/../allowed-not`,
      `${folder}/allowed-not`,
      `${folder}/allowed/../../etc`,
    ]) {
      await expect(mount(source)).rejects.toMatchObject({ status: 403, message: expect.stringContaining('ALLOWED_MOUNTS') });
    }
    await expect(mount(`${folder}/allowed/none`)).rejects.toMatchObject({ status: 400 });
    await expect(planMounts(podman, [{ source: folder, target: '/c', mode: 'ro' }], [])).rejects.toMatchObject({ status: 403 });
    rmSync(folder, { recursive: true });
  });
});

describe('environment', () => {
  test('lines go into a file, the rest into podman’s own environment', () => {
    expect(environmentArguments({ A: 'a b', N: 1, T: true, L: 'x\ny', R: 'r\r', BIG: 'x'.repeat(70_000) })).toEqual({
      args: ['--env-file', '/proc/self/fd/3', '--env', 'L', '--env', 'R', '--env', 'BIG'],
      options: { file: 'A=a b\nN=1\nT=true\n', env: { L: 'x\ny', R: 'r\r', BIG: 'x'.repeat(70_000) } },
    });
    expect(environmentArguments({})).toEqual({ args: [], options: {} });
  });

  test.each([
    'LD_PRELOAD',
    'PATH',
    'HOME',
    'CONTAINERS_CONF',
    'XDG_RUNTIME_DIR',
    'https_proxy',
    'GODEBUG',
    'TMPDIR',
    '_CONTAINERS_USERNS_CONFIGURED',
  ])('%s with newlines would change podman itself and is a 400', name =>
    expect(() => environmentArguments({ [name]: 'a\nb' })).toThrow(expect.objectContaining({ status: 400 })),
  );

  test.each([
    { '1A': 'x' },
    { 'A=B': 'x' },
    { 'A B': 'x' },
    { '*': 'x' },
    { A: 'nul\0' },
    { A: null },
    { A: {} },
    { A: 'x'.repeat(140_000) },
  ])('%j is a 400', environment => {
    expect(() => check(create, { image: 'a', name: 'b', environment })).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('images', () => {
  test.each([
    'alpine',
    'docker.io/library/alpine:3.20',
    'localhost:5000/a/b_c--d:Tag_1.2',
    `a@sha256:${'0'.repeat(64)}`,
    '0123456789ab',
    'localhost/x',
  ])('%s', image => {
    expect(check(create, { image, name: 'b' })).toMatchObject({ image });
  });

  test.each([
    'UPPER',
    '-a',
    'dir:etc',
    'dir:/etc',
    'docker-archive:x.tar',
    'oci:x',
    'containers-storage:x',
    'docker://alpine',
    'a b',
    'a:',
    'a//b',
    '../x',
    '',
  ])('%j is a 400', image => {
    expect(() => check(create, { image, name: 'b' })).toThrow(expect.objectContaining({ status: 400 }));
  });
});
