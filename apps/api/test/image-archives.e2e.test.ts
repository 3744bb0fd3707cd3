import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { images, sharedService } from '@podman-api/testing';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { transfer } from './transfers/transfer-client.ts';

const { url } = sharedService();
const exportOf = (reference: string) => transfer(url, 'GET', `/images/export?${new URLSearchParams({ reference })}`);
const load = (body: Buffer, headers: Record<string, string> = {}) =>
  transfer(url, 'POST', '/images/load', { body: new Uint8Array(body), headers: { 'Content-Type': 'application/x-tar', ...headers } });

describe('GET /images/export and POST /images/load', () => {
  it('carry an image out and in again, under its name', async () => {
    const exported = await exportOf(images.busybox);
    expect(exported.status).toBe(200);
    expect(exported.headers.get('Content-Type')).toBe('application/x-tar');
    const loaded = await load(gzipSync(exported.bytes), { 'Content-Encoding': 'gzip' });
    expect(loaded).toMatchObject({ status: 200, body: { images: [{ reference: expect.stringContaining(images.busybox) }] } });
  });

  it('return errors before anything is sent or loaded', async () => {
    expect(await exportOf('localhost/podman-api/missing')).toMatchObject({ status: 404 });
    expect(await load(Buffer.from('no archive'))).toMatchObject({ status: 400, body: { error: { details: [{ path: 'body' }] } } });
    const archive = pack();
    archive.entry({ name: 'a' }, 'x');
    archive.finalize();
    expect(await load(await buffer(archive))).toMatchObject({ status: 400, body: { error: { details: [{ path: 'body' }] } } });
  });
});
