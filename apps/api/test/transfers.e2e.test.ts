import { randomBytes } from 'node:crypto';
import { images, sharedContainer, sharedService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { filesPath, sha256, transfer } from './transfers/transfer-client.ts';

const { call, url } = sharedService();
const get = (container: string, path: string, headers: Record<string, string> = {}) =>
  transfer(url, 'GET', filesPath(container, path), { headers });
const put = (container: string, path: string, body: NonNullable<RequestInit['body']>, extraQuery: Record<string, string> = {}) =>
  transfer(url, 'PUT', filesPath(container, path, extraQuery), { body });

let container: string;
beforeAll(async () => {
  container = await startContainer(images.busybox);
});
const run = async (command: string) => (await call('POST', `/containers/${container}/exec`, { command })).field('execution.stdout');

describe('PUT and GET /containers/:name/files', () => {
  it('carry bytes unchanged, and replace a file with its mode and owner', async () => {
    const bytes = randomBytes(3 * 1024 ** 2 + 7);
    const written = await put(container, '/srv/new/file', bytes, { mode: '4750', owner: '7:8' });
    expect(written).toMatchObject({
      status: 201,
      body: { file: { path: '/srv/new/file', type: 'file', size: bytes.length, mode: '4750', uid: 7, gid: 8 } },
    });
    const response = await get(container, '/srv/new/file');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Length')).toBe(String(bytes.length));
    expect(sha256(response.bytes)).toBe(sha256(bytes));

    expect((await put(container, '/srv/new/file', 'second')).status).toBe(201);
    expect(await run('cat /srv/new/file; stat -c "|%a %u:%g" /srv/new/file; ls -A /srv/new')).toBe('second|4750 7:8\nfile\n');
  });

  it('answer 202 with the job for Prefer: respond-async, once the body was received, and 400 for a download', async () => {
    const bytes = randomBytes(3 * 1024 ** 2);
    const headers = { Prefer: 'respond-async' };
    const accepted = await transfer(url, 'PUT', filesPath(container, '/srv/async'), { headers, body: bytes });
    expect(accepted).toMatchObject({ status: 202, body: { job: { operation: 'container.write_file' } } });
    const job = String(accepted.headers.get('Location')).replace('/api/v1', '');
    expect(await call('GET', `${job}?wait=60`)).toMatchObject({ body: { job: { status: 'succeeded', result: { size: bytes.length } } } });
    expect(sha256((await get(container, '/srv/async')).bytes)).toBe(sha256(bytes));
    expect(await transfer(url, 'PUT', filesPath(uniqueContainerName(), '/x'), { headers, body: 'x' })).toMatchObject({ status: 404 });
    expect((await get(container, '/srv/async', headers)).status).toBe(400);
  });

  it('serve ranges and HEAD', async () => {
    await put(container, '/srv/ranged', '0123456789');
    const part = await get(container, '/srv/ranged', { Range: 'bytes=-3' });
    expect([part.status, part.bytes.toString(), part.headers.get('Content-Range')]).toEqual([206, '789', 'bytes 7-9/10']);
    const head = await transfer(url, 'HEAD', filesPath(container, '/srv/ranged'));
    expect([head.status, head.headers.get('Content-Length')]).toEqual([200, '10']);
  });

  it('work in a container without a shell, and in one that does not run', async () => {
    const bare = sharedContainer('bare');
    expect((await put(bare, '/tmp/bare-file', 'content')).status).toBe(201);
    expect((await get(bare, '/tmp/bare-file')).bytes.toString()).toBe('content');

    const stopped = uniqueContainerName();
    await testPodman().run(['create', `--name=${stopped}`, '--pull=never', '--volume=/data', '--', images.busybox, 'cat', '/data/x', '/x']);
    for (const path of ['/data/x', '/x']) expect((await put(stopped, path, `${path}\n`)).status).toBe(201);
    expect((await get(stopped, '/data/x')).bytes.toString()).toBe('/data/x\n');
    expect(await put(stopped, '/etc/hosts', 'x')).toMatchObject({ status: 409 });
    // `podman mount` fails if another test removes a container meanwhile. A container that is mounted has a MergedDir, also for a
    // while after it has stopped.
    const storage = () => testPodman().run(['container', 'inspect', '--format={{.GraphDriver.Data}}', '--', stopped]);
    await until(async () => !(await storage()).includes('MergedDir'));
    expect(await testPodman().run(['start', '--attach', '--', stopped])).toBe('/data/x\n/x\n');
  });

  it('return an error that names the path', async () => {
    expect(await get(container, '/etc')).toMatchObject({ status: 409, body: { error: { details: [{ path: 'path' }] } } });
    expect(await put(container, '/etc/hosts', 'x')).toMatchObject({ status: 409, body: { error: { details: [{ path: 'path' }] } } });
    expect(await put(container, 'x', 'x')).toMatchObject({ status: 400, body: { error: { details: [{ path: 'path' }] } } });
  });

  it('leave no file and no job if the client disconnects', async () => {
    const gone = new AbortController();
    onTestFinished(() => gone.abort());
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise(resolve => setImmediate(resolve));
        // `fetch` reads a body to its end, also after it was aborted.
        if (gone.signal.aborted) return controller.close();
        controller.enqueue(Buffer.alloc(100_000));
      },
    });
    const path = filesPath(container, '/srv/broken');
    const sending = fetch(`${url}/api/v1${path}`, { method: 'PUT', body, signal: gone.signal, duplex: 'half' }).catch(() => undefined);
    await until(async () => String(await run('ls -A /srv')).includes('.podman-api-'));
    gone.abort();
    await sending;
    await until(async () => !String(await run('ls -A /srv')).includes('.podman-api-'));
    expect(await run('ls -A /srv')).not.toContain('broken');
    const jobs = await call('GET', `/jobs?container=${container}&operation=container.write_file&limit=1`);
    await until(async () =>
      ['cancelled', 'failed'].includes(String((await call('GET', `/jobs/${jobs.field('jobs.0.id')}`)).field('job.status'))),
    );
  });
});

describe('the files of a container', () => {
  it('are described and listed, and a directory is removed with its content', async () => {
    expect((await put(container, '/srv/tree/a/one', 'one')).status).toBe(201);
    const listed = await call('GET', filesPath(container, '/srv/tree', { depth: '2' }, 'files/list'));
    expect(listed).toMatchObject({
      status: 200,
      body: {
        files: [
          { path: '/srv/tree/a', type: 'directory' },
          { name: 'one', size: 3 },
        ],
      },
    });
    const remove = (extraQuery: Record<string, string> = {}) => call('DELETE', filesPath(container, '/srv/tree', extraQuery));
    expect(await remove()).toMatchObject({ status: 409 });
    expect(await remove({ recursive: 'true' })).toMatchObject({ status: 200, body: { file: { removed: true } } });
    expect(await call('GET', filesPath(container, '/srv/tree', {}, 'files/stat'))).toMatchObject({ status: 404 });
  });
});
