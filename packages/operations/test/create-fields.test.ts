import { environmentArguments } from '@podman-api/podman/environment-arguments';
import { describe, expect, it } from 'vitest';
import { portsOf, publishArgument } from '../src/container/create/ports.ts';
import { splitWords } from '../src/container/create/split-words.ts';
import { volumesOf } from '../src/container/create/volumes.ts';
import { create } from '../src/container/create.ts';
import { check } from '../src/index.ts';
import { environmentStrings } from '../src/schemas/environment.ts';
import { recordingPodman } from './recording-podman.ts';

describe('splitWords', () => {
  it.each([
    ['sleep 300', ['sleep', '300']],
    ['  a\t b\n', ['a', 'b']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    [`'a\\b' "a\\b" "a\\"b" "\\$x"`, ['a\\b', 'a\\b', 'a"b', '$x']],
    ['$HOME *.txt ; | & > # no comment `x`', ['$HOME', '*.txt', ';', '|', '&', '>', '#', 'no', 'comment', '`x`']],
    ['a\\\nb "c\\\nd"', ['ab', 'cd']],
    ["it''s", ['its']],
  ])('splits %j', (text, words) => expect(splitWords(text)).toEqual(words));

  it.each(["'open", '"open', 'ends in \\'])('throws for %j', text => expect(() => splitWords(text)).toThrow(SyntaxError));
});

describe('ports of container.create', () => {
  it.each([
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
  ] as const)('publishes %j', (ports, published) => {
    expect(portsOf(ports).map(publishArgument)).toEqual(published.map(port => `--publish=${port}`));
  });

  it.each([[{ a: '80' }], [{ '8080': '' }], [['80/icmp']], [['0:0']], [['99999']], [['80 --privileged']], [['1.2.3.4:80']]])(
    '%j is a 400',
    ports => {
      expect(() => check(create, { image: 'a', name: 'b', ports })).toThrow(expect.objectContaining({ status: 400 }));
    },
  );
});

describe('volumes of container.create', () => {
  it.each([
    [{ '/host': '/container' }, [{ source: '/host', target: '/container', mode: 'rw' }]],
    [{ '/host': { bind: '/container', mode: 'ro' } }, [{ source: '/host', target: '/container', mode: 'ro' }]],
    [
      ['name:/container:ro', 'other:/c'],
      [
        { source: 'name', target: '/container', mode: 'ro' },
        { source: 'other', target: '/c', mode: 'rw' },
      ],
    ],
  ] as const)('accepts %j', (volumes, expected) => expect(volumesOf(volumes)).toEqual(expected));

  it.each([
    [{ './here': '/c' }],
    [{ '~/x': '/c' }],
    [{ name: 'relative' }],
    [{ name: '/c/../etc' }],
    [{ '/a,b': '/c' }],
    [{ '/host': { bind: '/c', mode: 'rw,exec' } }],
    [['/only']],
    [['a:/b:ro:/c']],
    [{ '--flag': '/c' }],
  ])('refuses %j', volumes => {
    expect(() => check(create, { image: 'a', name: 'b', volumes })).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('accepts folders of the host whose real path is allowed', async () => {
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

describe('environment of container.create', () => {
  it('puts variables into a file, and those with newlines into podman’s own environment', () => {
    expect(environmentArguments(environmentStrings({ A: 'a b', N: 1, T: true, L: 'x\ny', R: 'r\r', BIG: 'x'.repeat(70_000) }))).toEqual({
      args: ['--env-file', '/proc/self/fd/3', '--env', 'L', '--env', 'R', '--env', 'BIG'],
      options: { file: 'A=a b\nN=1\nT=true\n', env: { L: 'x\ny', R: 'r\r', BIG: 'x'.repeat(70_000) } },
    });
    expect(environmentArguments({})).toEqual({ args: [], options: {} });
  });

  it.each([
    'LD_PRELOAD',
    'PATH',
    'HOME',
    'CONTAINERS_CONF',
    'XDG_RUNTIME_DIR',
    'https_proxy',
    'GODEBUG',
    'TMPDIR',
    '_CONTAINERS_USERNS_CONFIGURED',
  ])('refuses newlines in %s, which would change podman itself', name =>
    expect(() => environmentArguments({ [name]: 'a\nb' })).toThrow(expect.objectContaining({ status: 400 })),
  );

  it.each([
    { '1A': 'x' },
    { 'A=B': 'x' },
    { 'A B': 'x' },
    { '*': 'x' },
    { A: 'nul\0' },
    { A: null },
    { A: {} },
    { A: 'x'.repeat(140_000) },
  ])('refuses %j', environment => {
    expect(() => check(create, { image: 'a', name: 'b', environment })).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('image of container.create', () => {
  it.each([
    'alpine',
    'docker.io/library/alpine:3.20',
    'localhost:5000/a/b_c--d:Tag_1.2',
    `a@sha256:${'0'.repeat(64)}`,
    '0123456789ab',
    'localhost/x',
  ])('accepts %s', image => {
    expect(check(create, { image, name: 'b' })).toMatchObject({ image });
  });

  it.each([
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
  ])('refuses %j', image => {
    expect(() => check(create, { image, name: 'b' })).toThrow(expect.objectContaining({ status: 400 }));
  });
});
