import { readdirSync } from 'node:fs';
import { images, sharedContainer, sharedService, startApi, type TestApi, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, json, openConnection, whole } from './slow-clients/connection.ts';
import { memoryVariables, readPeakMemory, serveUnderFlood } from './slow-clients/flood.ts';

/** A separate process, so that its load and memory do not affect other tests. */
let service: TestApi;
beforeAll(async () => {
  service = await startApi({ ...sharedService().env, ...memoryVariables, MAX_UPLOAD: '32000000' });
});
afterAll(() => service.api.end());

const open = () => openConnection(service.url);

describe('slow and hostile clients', () => {
  it('serves others and stays healthy under 200 slow connections and a flood of junk', () => serveUnderFlood(service, 200, 10));

  it('answers 413 to a body that never ends and closes the connection', async () => {
    const { socket, received, closed } = open();
    socket.write(whole('POST /api/v1/containers', json, 'Transfer-Encoding: chunked'));
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const push = () => {
      while (received() === '' && socket.write(chunk));
    };
    socket.on('drain', push);
    push();
    const text = await closed;
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"type":"PayloadTooLargeError"');
  });

  it.each(['a client that sends all before it reads', 'chunks'])('answers 413 to a large body for %s', async kind => {
    const size = 3 * 10 * 1024 ** 2;
    const { socket, received } = open();
    const body = Buffer.alloc(size, 'x');
    if (kind === 'chunks') socket.write(`${whole('POST /api/v1/containers', json, 'Transfer-Encoding: chunked')}${size.toString(16)}\r\n`);
    else socket.write(whole('POST /api/v1/containers', json, `Content-Length: ${size}`));
    socket.pause();
    await new Promise(resolve => socket.write(kind === 'chunks' ? Buffer.concat([body, Buffer.from('\r\n0\r\n\r\n')]) : body, resolve));
    // The connection stays usable.
    socket.resume().write(whole('GET /api/v1/health'));
    await until(() => /HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 /.test(received()));
    socket.destroy();
  });

  it.each([
    ['POST /api/v1/containers', 413],
    ['PUT /api/v1/nowhere', 404],
    ['GET /api/v1/health', 200],
    ['HEAD /api/v1/health', 200],
    ['PUT /api/v1/containers/no-such-container/files?path=/a', 404],
    ['POST /v1.41/containers/no-such-container/start', 404],
  ])('answers "%s" with %i to a client that sends a large body and closes the connection', async (target, status) => {
    const body = Buffer.alloc(30 * 1024 ** 2, 'x');
    const { socket, received, closed } = open();
    socket.pause();
    socket.write(whole(target, json, 'Connection: close', `Content-Length: ${body.length}`));
    await new Promise(resolve => socket.write(body, resolve));
    socket.resume();
    await closed;
    expect(received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it.each([
    ['chunks of more than MAX_UPLOAD', 413, 'files?path=/tmp/large', ['Content-Type: application/octet-stream']],
    ['bytes that are not gzip', 400, 'archive?path=/tmp', ['Content-Type: application/x-tar', 'Content-Encoding: gzip']],
  ])('answers an upload of %s with %i to a client that sends all before it reads', async (_what, status, route, headers) => {
    const { socket, received } = open();
    socket.pause();
    const target = `PUT /api/v1/containers/${sharedContainer('busybox')}/${route}`;
    socket.write(whole(target, 'Transfer-Encoding: chunked', ...headers));
    const piece = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    await new Promise(resolve => socket.write(`${piece.repeat(40)}0\r\n\r\n`, resolve));
    // The connection stays usable.
    socket.resume().write(whole('GET /api/v1/health'));
    await until(() => new RegExp(`HTTP/1\\.1 ${status} [\\s\\S]*HTTP/1\\.1 200 `).test(received()));
    socket.destroy();
  });

  it.each([
    ['GET /api/v1/containers/none/terminal', 'websocket'],
    ['POST /v1.41/exec/none/start', 'tcp'],
  ])('releases the connections of refused upgrades, "%s"', async (target, protocol) => {
    const countFiles = () => readdirSync(`/proc/${service.api.process.pid}/fd`).length;
    const before = countFiles();
    const clients = Array.from({ length: 50 }, open);
    // More than the server reads together with the request.
    const more = 'x'.repeat(1024 ** 2);
    for (const { socket } of clients) socket.write(`${whole(target, 'Connection: Upgrade', `Upgrade: ${protocol}`)}${more}`);
    await until(() => clients.every(({ received }) => /^HTTP\/1\.1 4/.test(received())));
    for (const { socket } of clients) socket.destroy();
    await until(() => countFiles() < before + 10);
  });

  it.each([
    ['bytes that are not HTTP', 'junk\r\n\r\n', 400, 'ValidationError'],
    ['a request without Host', 'GET /api/v1/health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'ValidationError'],
    ['a second Content-Length', whole('POST /api/v1/containers', json, 'Content-Length: 1', 'Content-Length: 2'), 400, 'ValidationError'],
    [
      'a Content-Length in addition to chunks',
      whole('POST /api/v1/containers', json, 'Content-Length: 1', 'Transfer-Encoding: chunked'),
      400,
      'ValidationError',
    ],
    ['an invalid chunk', `${whole('POST /api/v1/containers', json, 'Transfer-Encoding: chunked')}zz\r\n`, 400, 'ValidationError'],
    ['endless headers', head('GET /api/v1/health', `X-Long: ${'x'.repeat(20_000)}`), 431, 'ValidationError'],
  ])('answers %s with an error in the usual form and closes the connection', async (_what, bytes, status, type) => {
    const { socket, closed } = open();
    socket.write(bytes);
    const [start = '', body = ''] = (await closed).split('\r\n\r\n');
    expect(start).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*^X-Request-Id: \\S+$`, 'm'));
    expect(JSON.parse(body)).toMatchObject({ success: false, error: { type, code: status, message: expect.any(String) } });
  });

  it('closes the connection of a request with junk behind it, without a response', async () => {
    const { socket, closed } = open();
    const name = uniqueContainerName();
    const body = JSON.stringify({ image: images.plain, name, network: 'none', command: 'sleep 300' });
    socket.write(`${whole('POST /api/v1/containers', json, `Content-Length: ${body.length}`)}${body}junk\r\n\r\n`);
    expect(await closed).toBe('');
  });

  it('bounds the memory of unfinished bodies, and serves others once these are gone', async () => {
    const part = Buffer.alloc(9 * 1024 ** 2, ' ');
    const stuck = Array.from({ length: 24 }, open);
    for (const { socket } of stuck) {
      socket.write(whole('POST /api/v1/containers', json, `Content-Length: ${10 * 1024 ** 2}`));
      socket.write(part);
    }
    await until(() => stuck.filter(({ received }) => received().startsWith('HTTP/1.1 503')).length >= 9);
    expect(stuck.filter(({ received }) => received().startsWith('HTTP/1.1 503')).length).toBeLessThan(14);
    expect((await service.call('GET', '/health')).status).toBe(200);
    expect((await service.call('POST', '/containers', {})).status).toBe(400);
    expect(readPeakMemory(service.api)).toBeLessThan(450);
    for (const { socket } of stuck) socket.destroy();
    await Promise.all(stuck.map(({ closed }) => closed));
    const large = {
      image: images.plain,
      name: 'n',
      environment: { A: 'x'.repeat(100_000) },
      command: 5,
      labels: { a: 'x'.repeat(8 * 1024 ** 2) },
    };
    await until(async () => (await service.call('POST', '/containers', large)).status === 400);
  });

  // Last: it ends the process.
  it('closes the output stream of a slow reader that disconnects', async () => {
    const { call } = sharedService();
    const command = { command: 'seq 2000000' };
    const { field } = await call('POST', `/containers/${sharedContainer('busybox')}/exec`, command, { Prefer: 'respond-async' });
    const leaving = new AbortController();
    const response = await fetch(`${service.url}/api/v1/jobs/${field('job_id')}/output`, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await call('GET', `/jobs/${field('job_id')}?wait=300`);
    // A stream that is left open would keep the process from ending.
    expect(await service.api.end('SIGTERM')).toBe(0);
  });
});
