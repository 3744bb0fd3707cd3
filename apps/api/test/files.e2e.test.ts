import { randomBytes } from 'node:crypto';
import { images, type Service, startService, testPodman } from '@podman-api/testing';
import { ownVolume, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const add = (name: string, body: object) => service.call('POST', `/containers/${name}/files`, body);
const exec = async (name: string, command: string | string[], rest: object = {}) =>
  (await service.call('POST', `/containers/${name}/exec`, { command, ...rest })).field('execution.stdout');

describe.each(['busybox', 'debian', 'plain'] as const)('files in the image %s', kind => {
  let name: string;
  beforeAll(async () => {
    name = await startContainer(images[kind]);
  });

  test('nine MiB of text and of bytes come back as they were', async () => {
    const text = 'zeile mit ümlaut\n'.repeat(Math.floor((9 * 1024 ** 2) / 18));
    expect((await add(name, { dest_path: '/tmp/text', content: text })).field('file.size')).toBe(Buffer.byteLength(text));
    const bytes = randomBytes(7 * 1024 ** 2);
    const answer = await add(name, { dest_path: '/tmp/bytes', content: bytes.toString('base64'), encoding: 'base64' });
    expect(answer.field('file.size')).toBe(bytes.length);
    const { createHash } = await import('node:crypto');
    const sums = [text, bytes].map(content => createHash('sha256').update(content).digest('hex'));
    expect(await exec(name, 'sha256sum /tmp/text /tmp/bytes | cut -c1-64')).toBe(`${sums.join('\n')}\n`);
  });

  test.each([
    '/opt/a b/c',
    '/opt/-dash',
    '/opt/new\nline',
    '/opt/%00',
    '/opt/ünï/漢',
    '/opt/./dot',
    '/opt//double',
    '/opt/quo\'te"s',
    '/top',
  ])('the path %j is taken as it is', async path => {
    expect((await add(name, { dest_path: path, content: 'here' })).status).toBe(201);
    expect(await exec(name, ['cat', path])).toBe('here');
  });

  test('mode and owner are what was asked for, or root’s 0644', async () => {
    await service.call('POST', `/containers/${name}/users`, { username: 'owner' });
    await add(name, { dest_path: '/opt/modes/given', content: '', mode: '4750', owner: 'owner:owner' });
    await add(name, { dest_path: '/opt/modes/plain', content: '' });
    expect(await exec(name, 'stat -c "%a %U:%G %s" /opt/modes/given /opt/modes/plain')).toBe('4750 owner:owner 0\n644 root:root 0\n');
    expect(await add(name, { dest_path: '/opt/x', content: '', owner: 'nobody-here' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'owner' }] } },
    });
  });

  test('a file appears whole: whoever reads while it is replaced sees the old or the new one', async () => {
    const [small, large] = ['a'.repeat(3_000_000), 'b'.repeat(5_000_000)];
    await add(name, { dest_path: '/opt/whole', content: small });
    const reader = exec(name, 'while [ ! -e /opt/stop ]; do wc -c </opt/whole; done | sort -u', { timeout: 60 });
    for (const content of [large, small, large]) await add(name, { dest_path: '/opt/whole', content });
    await add(name, { dest_path: '/opt/stop', content: '' });
    const sizes = String(await reader)
      .trim()
      .split(/\s+/)
      .map(Number);
    expect(sizes.filter(size => size !== small.length && size !== large.length)).toEqual([]);
    expect(await exec(name, 'ls -A /opt | grep podman-api')).toBe('');
  });

  test('a directory is not replaced', async () => {
    expect(await add(name, { dest_path: '/tmp', content: 'x' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'dest_path' }] } },
    });
    expect(await exec(name, 'test -d /tmp && echo still')).toBe('still\n');
  });

  test('a stopped container gets its file, in a volume too, with its owner', async () => {
    const volume = ownVolume();
    const stopped = await startContainer(images[kind], 'sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done');
    await service.call('POST', `/containers/${stopped}/stop?timeout=0`);
    expect((await add(stopped, { dest_path: '/opt/deep/down', content: 'was stopped', mode: '600', owner: '7:8' })).status).toBe(201);
    await service.call('POST', `/containers/${stopped}/start`);
    expect(await exec(stopped, 'cat /opt/deep/down; stat -c "|%a %u:%g" /opt/deep/down; stat -c "%a %u" /opt')).toMatch(
      /^was stopped\|600 7:8\n/,
    );

    const { ownName } = await import('@podman-api/testing/containers');
    const mounted = ownName();
    await testPodman().run(['create', `--name=${mounted}`, `--volume=${volume}:/data`, '--', images[kind], 'sleep', '600']);
    expect((await add(mounted, { dest_path: '/data/sub/file', content: 'in the volume', owner: 'root:root' })).status).toBe(201);
    await service.call('POST', `/containers/${mounted}/start`);
    expect(await exec(mounted, 'cat /data/sub/file')).toBe('in the volume');
    expect(await add(mounted, { dest_path: '/data/sub', content: 'x' })).toMatchObject({ status: 400 });
  });
});

test('an image without a shell gets a file', async () => {
  const name = await startContainer(images.bare);
  expect(await add(name, { dest_path: '/etc/app/conf', content: 'key=value\n' })).toMatchObject({
    status: 201,
    body: { file: { size: 10 } },
  });
  expect(await testPodman().run(['cp', '--', `${name}:/etc/app/conf`, '-'])).toContain('key=value\n');
});

test.each([
  ['dest_path', { dest_path: 'relative', content: '' }],
  ['dest_path', { dest_path: '/a/b/../../etc/x', content: '' }],
  ['dest_path', { dest_path: '/a/', content: '' }],
  ['dest_path', { dest_path: '/a\0b', content: '' }],
  ['dest_path', { content: '' }],
  ['content', { dest_path: '/a' }],
  ['content', { dest_path: '/a', content: 'no base64!', encoding: 'base64' }],
  ['encoding', { dest_path: '/a', content: '', encoding: 'latin1' }],
  ['mode', { dest_path: '/a', content: '', mode: '999' }],
  ['owner', { dest_path: '/a', content: '', owner: '--reference=/etc/shadow' }],
])('a wrong %s is a 400 that names it: %j', async (field, body) => {
  expect(await add('any', body)).toMatchObject({ status: 400, body: { error: { type: 'ValidationError', details: [{ path: field }] } } });
});

test('a body above the limit is a 413', async () => {
  expect(await add('any', { dest_path: '/a', content: 'x'.repeat(11 * 1024 ** 2) })).toMatchObject({
    status: 413,
    body: { error: { type: 'PayloadTooLargeError' } },
  });
});
