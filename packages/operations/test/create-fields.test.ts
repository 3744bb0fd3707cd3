import { environmentArguments } from '@podman-api/podman/environment-arguments';
import { describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { parsePorts, publishArgument } from '../src/container/create/port-mappings.ts';
import { splitWords } from '../src/container/create/split-words.ts';
import { validateInput } from '../src/index.ts';
import { environmentStrings } from '../src/schemas/environment.ts';

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

  it.each(["'open", '"open', 'ends in \\'])('throws for %j', text => expect(() => splitWords(text)).toThrow('a quote is not closed'));
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
    [['8000-8002:80-82'], ['8000-8002:80-82/tcp']],
    [
      ['80-82', '127.0.0.1:8000-8001:80-81/udp'],
      ['80-82/tcp', '127.0.0.1:8000-8001:80-81/udp'],
    ],
    [{ '8000-8002': '80-82' }, ['8000-8002:80-82/tcp']],
    [{ '80-82/sctp': '8000-8002' }, ['8000-8002:80-82/sctp']],
  ] as const)('publishes %j', (ports, published) => {
    expect(parsePorts(ports).map(publishArgument)).toEqual(published.map(port => `--publish=${port}`));
  });

  it.each([
    [{ a: '80' }, '"a":"80"'],
    [{ '8080': '' }, '"8080":""'],
    [['80/icmp'], '"80/icmp"'],
    [['0:0'], '"0:0"'],
    [['99999'], '"99999"'],
    [['80 --privileged'], '"80 --privileged"'],
    [['1.2.3.4:80'], '"1.2.3.4:80"'],
    [['999.1.1.1:80:80'], '"999.1.1.1:80:80"'],
    [['[::zz]:80:80'], '"[::zz]:80:80"'],
    [['8002-8000:80-82'], '"8002-8000:80-82"'],
    [['0-2:80-82'], '"0-2:80-82"'],
    [['8000-8002:80'], 'a different number of ports for the host and the container: 3 and 1'],
    [['8000:80-82'], 'a different number of ports for the host and the container: 1 and 3'],
    [['8080:80', '8080:81'], '8080 and 8080 are the same port of the host'],
    [['127.0.0.1:8080:80', '8080:81'], '127.0.0.1:8080 and 8080 are the same port of the host'],
    [['8000-8003:80-83', '8003:90'], '8000-8003 and 8003 are the same port of the host'],
    [{ '80/tcp': 8080, '81/tcp': 8080 }, '8080 and 8080 are the same port of the host'],
  ])('returns 400 for %j', (ports, words) => {
    expect(() => validateInput(create, { image: 'a', name: 'b', ports })).toThrow(
      expect.objectContaining({
        status: 400,
        message: expect.stringContaining(words),
        fields: { details: [expect.objectContaining({ path: 'ports' })] },
      }),
    );
  });

  it.each([[['8080:80', '8080:80/udp']], [['127.0.0.1:8080:80', '127.0.0.2:8080:80']], [['8080:80', '8081:80']], [['80', '80', '81']]])(
    'accepts %j, which need different ports of the host',
    ports => {
      expect(validateInput(create, { image: 'a', name: 'b', ports })).toMatchObject({ ports });
    },
  );
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

  it('accepts names with dots and dashes', () => {
    const environment = { 'spring.datasource.url': 'x', 'my-name': 'y', _: '' };
    expect(validateInput(create, { image: 'a', name: 'b', environment })).toMatchObject({ environment });
  });

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
    expect(() => validateInput(create, { image: 'a', name: 'b', environment })).toThrow(expect.objectContaining({ status: 400 }));
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
    'EXAMPLE.com/x',
    `sha256:${'0'.repeat(64)}`,
  ])('accepts %s', image => {
    expect(validateInput(create, { image, name: 'b' })).toMatchObject({ image });
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
    'sha256:abc',
    'sha256:latest',
    `sha256:${'0'.repeat(63)}`,
    'LOCALHOST/x',
    'Library/alpine',
  ])('refuses %j', image => {
    expect(() => validateInput(create, { image, name: 'b' })).toThrow(expect.objectContaining({ status: 400 }));
  });
});
