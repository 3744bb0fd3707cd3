import { images, type Service, startService } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesPath, transfer } from './transfers/transfer-client.ts';

let service: Service;
const call: Service['call'] = (...request) => service.call(...request);
const get = (container: string, path: string, headers: Record<string, string> = {}) =>
  transfer(service.url, 'GET', filesPath(container, path), { headers });
const put = (container: string, path: string, body: NonNullable<RequestInit['body']>, extraQuery: Record<string, string> = {}) =>
  transfer(service.url, 'PUT', filesPath(container, path, extraQuery), { body });

let container: string;
beforeAll(async () => {
  service = await startService();
  container = await startContainer(images.busybox);
});
afterAll(() => service.stop());
const run = async (command: string) => (await call('POST', `/containers/${container}/exec`, { command })).field('execution.stdout');

describe('PUT and GET /containers/:name/files', () => {
  it('serve ranges, ETags and HEAD', async () => {
    await put(container, '/srv/ranged', '0123456789');
    const whole = await get(container, '/srv/ranged');
    const etag = whole.headers.get('ETag') ?? '';
    expect(await get(container, '/srv/ranged', { Range: 'bytes=2-4' })).toMatchObject({ status: 206, bytes: Buffer.from('234') });
    const last = await get(container, '/srv/ranged', { Range: 'bytes=-3', 'If-Range': etag });
    expect([last.status, last.bytes.toString(), last.headers.get('Content-Range')]).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await get(container, '/srv/ranged', { Range: 'bytes=0-1', 'If-Range': '"other"' })).toMatchObject({ status: 200 });
    expect(await get(container, '/srv/ranged', { Range: 'bytes=10-' })).toMatchObject({
      status: 416,
      body: { error: { type: 'RangeError' } },
    });
    expect(await get(container, '/srv/ranged', { 'If-None-Match': etag })).toMatchObject({ status: 304, bytes: Buffer.alloc(0) });
    const head = await transfer(service.url, 'HEAD', filesPath(container, '/srv/ranged'));
    expect([head.status, head.headers.get('Content-Length'), head.headers.get('ETag')]).toEqual([200, '10', etag]);
  });

  it('return an error that names the path', async () => {
    expect(await get(container, '/srv/missing')).toMatchObject({ status: 404, body: { error: { details: [{ path: 'path' }] } } });
    expect(await get(container, '/etc')).toMatchObject({ status: 409, body: { error: { details: [{ path: 'path' }] } } });
    expect(await get(container, '/dev/null')).toMatchObject({ status: 409 });
    expect(await get(container, '/proc/1/environ')).toMatchObject({ status: 409 });
    expect(await put(container, '/etc', 'x')).toMatchObject({ status: 409 });
    expect(await put(container, '/etc/hosts', 'x')).toMatchObject({ status: 409 });
    expect(await put(container, '/x', 'x', { owner: 'stranger' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'owner' }] } },
    });
    expect(await put(container, 'x', 'x')).toMatchObject({ status: 400, body: { error: { details: [{ path: 'path' }] } } });
    expect(await get(uniqueContainerName(), '/etc/passwd')).toMatchObject({ status: 404 });
    expect(await run('ls -A / | grep podman-api; cat /etc/hosts | wc -c')).not.toBe('0\n');
  });

  it('resolve symbolic links inside the container only', async () => {
    await run('mkdir -p /srv/links; cd /srv/links; ln -s ../../../../../etc/hostname up; ln -s /etc/passwd absolute; ln -s loop loop');
    expect((await get(container, '/srv/links/absolute')).bytes.toString()).toBe(await run('cat /etc/passwd'));
    expect((await get(container, '/srv/links/up')).bytes.toString()).toBe(await run('cat /etc/hostname'));
    expect(await get(container, '/srv/links/loop')).toMatchObject({ status: 409 });
    await run('ln -s /etc /srv/links/theirs; chown -h 1000 /srv/links/theirs');
    expect(await put(container, '/srv/links/theirs/x', 'x')).toMatchObject({ status: 409 });
    expect(await run('ls /etc/x')).toBe('');
  });
});

describe('the files of a container', () => {
  it('are described and listed, moved and removed', async () => {
    const under = (route: string, query: Record<string, string>) => `/containers/${container}/files/${route}?${new URLSearchParams(query)}`;
    const made = await call('POST', `/containers/${container}/files/directory`, { path: '/srv/tree/a/b', mode: '0700', owner: '5' });
    expect(made).toMatchObject({ status: 201, body: { file: { path: '/srv/tree/a/b', type: 'directory', mode: '0700', uid: 5 } } });
    await run('cd /srv/tree; echo one >a/one; ln -s a/one link; mkfifo pipe');
    expect(await call('GET', under('stat', { path: '/srv/tree/link' }))).toMatchObject({
      status: 200,
      body: { file: { name: 'link', type: 'symlink', symlink_target: 'a/one', owner: 'root' } },
    });
    const names = async (query: Record<string, string>) => {
      const files = (await call('GET', under('list', { path: '/srv/tree', ...query }))).field('files');
      return Array.isArray(files) ? files.map(({ path }) => path.slice('/srv/tree/'.length)) : files;
    };
    expect(await names({})).toEqual(['a', 'link', 'pipe']);
    expect(await names({ depth: '2' })).toEqual(['a', 'link', 'pipe', 'a/b', 'a/one']);
    expect(await names({ depth: '2', limit: '4' })).toHaveLength(4);

    const move = (from: string, to: string) => call('POST', `/containers/${container}/files/move`, { from, to });
    expect(await move('/srv/tree/a/one', '/srv/tree/two')).toMatchObject({
      status: 200,
      body: { file: { path: '/srv/tree/two', size: 4 } },
    });
    expect(await move('/srv/tree/two', '/srv/tree/a')).toMatchObject({ status: 409 });
    expect(await move('/srv/tree/two', '/dev/shm/two')).toMatchObject({ status: 409 });

    const remove = (path: string, extraQuery: Record<string, string> = {}) => call('DELETE', filesPath(container, path, extraQuery));
    expect(await remove('/srv/tree')).toMatchObject({ status: 409 });
    expect(await remove('/srv/tree/link')).toMatchObject({ status: 200, body: { file: { removed: true } } });
    expect(await remove('/srv/tree', { recursive: 'true' })).toMatchObject({ status: 200 });
    expect(await remove('/srv/tree')).toMatchObject({ status: 404 });
    for (const path of ['/etc', '/dev', '/', '/proc/1']) expect((await remove(path, { recursive: 'true' })).status).toBe(409);
    expect(await run('cat /etc/hosts | wc -l')).not.toBe('0\n');
  });
});
