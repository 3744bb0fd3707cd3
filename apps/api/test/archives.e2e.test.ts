import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { images, sharedContainer, sharedService, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { extract, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { filesPath, transfer } from './transfers/transfer-client.ts';

const { url, call } = sharedService();
const get = (container: string, path: string, headers: Record<string, string> = {}) =>
  transfer(url, 'GET', filesPath(container, path, {}, 'archive'), { headers: { 'Accept-Encoding': 'identity', ...headers } });
const put = (container: string, path: string, body: Buffer, headers: Record<string, string> = {}) =>
  transfer(url, 'PUT', filesPath(container, path, {}, 'archive'), {
    body: new Uint8Array(body),
    headers: { 'Content-Type': 'application/x-tar', ...headers },
  });

/** Creates an archive of files with a content. */
function packFiles(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, uid: 7, gid: 8, mode: 0o640 }, content);
  archive.finalize();
  return buffer(archive);
}

/** Describes the files in an archive, the shortest names first. */
async function readFiles(archive: Buffer): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    const { name, type, uid, gid, mode } = entry.header;
    const content = await text(entry);
    if (type === 'file') files.push(`${name} ${uid}:${gid} ${mode.toString(8)} ${content}`);
  }
  return files.sort((one, other) => one.length - other.length);
}

describe('PUT and GET /containers/:name/archive', () => {
  it('carry a tree into a running container and out of it, compressed if wanted', async () => {
    const container = sharedContainer('busybox');
    const path = `/tmp/${uniqueContainerName()}`;
    await call('POST', `/containers/${container}/files/directory`, { path });
    const archive = await packFiles({ 'a/one': 'one', 'a/b/two': 'two' });
    const extracted = await put(container, path, gzipSync(archive), { 'Content-Encoding': 'gzip' });
    expect(extracted).toMatchObject({ status: 200, body: { archive: { path, entries: 2, size: 6 } } });

    const response = await get(container, `${path}/a`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('application/x-tar');
    expect(await readFiles(response.bytes)).toEqual(['a/one 7:8 640 one', 'a/b/two 7:8 640 two']);
    const command = `cd ${path} && stat -c '%n %a %u:%g' a/one a/b/two`;
    const listed = await call('POST', `/containers/${container}/exec`, { command });
    expect(listed.field('execution.stdout')).toBe('a/one 640 7:8\na/b/two 640 7:8\n');

    // fetch decompresses it.
    const compressed = await get(container, `${path}/a`, { 'Accept-Encoding': 'gzip' });
    expect(compressed.headers.get('Content-Encoding')).toBe('gzip');
    expect(compressed.bytes).toEqual(response.bytes);
  });

  it('work in a container without a shell, and in one that does not run', async () => {
    const stopped = uniqueContainerName();
    await testPodman().run(['create', `--name=${stopped}`, '--pull=never', '--volume=/data', '--', images.busybox, 'cat', '/data/x', '/x']);
    for (const container of [sharedContainer('bare'), stopped]) {
      const extracted = await put(
        container,
        '/',
        await packFiles({ 'tmp/x': 'content', ...(container === stopped && { 'data/x': 'volume' }) }),
      );
      expect(extracted.status).toBe(200);
      expect((await get(container, '/tmp/x')).bytes.toString()).toContain('content');
    }
    expect((await get(stopped, '/data/x')).bytes.toString()).toContain('volume');
  });

  it('return errors that name what is wrong, and change nothing then', async () => {
    const container = sharedContainer('busybox');
    const archive = await packFiles({ 'podman-api-refused': 'x', '../out': 'x' });
    expect(await put(container, '/tmp', archive)).toMatchObject({
      status: 400,
      body: { error: { type: 'ValidationError', details: [{ path: 'body', message: expect.stringContaining('../out') }] } },
    });
    expect(await get(container, '/tmp/podman-api-refused')).toMatchObject({
      status: 404,
      body: { error: { details: [{ path: 'path' }] } },
    });
    expect(await put(container, '/missing', archive)).toMatchObject({ status: 404, body: { error: { details: [{ path: 'path' }] } } });
    expect(await get(container, '/proc/1')).toMatchObject({ status: 409 });
    expect(await put(container, '/tmp', gunzipSync(gzipSync('no archive')))).toMatchObject({ status: 400 });
  });
});
