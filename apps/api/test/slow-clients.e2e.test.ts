import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { images, sharedService, startApi, type TestApi, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A separate process, so that its load and memory do not affect other tests. */
let service: TestApi;
beforeAll(async () => {
  // As `npm start` and the systemd units start it: the default young generation takes 60 to 85 MiB more (measured).
  service = await startApi({ ...sharedService().env, NODE_OPTIONS: '--max-semi-space-size=2' });
});
afterAll(() => service.api.end());

interface Connection {
  readonly socket: Socket;
  received(): string;
  /** Resolves with everything received once the server has closed it. */
  readonly closed: Promise<string>;
}

function open(): Connection {
  const { hostname, port } = new URL(service.url);
  let text = '';
  const socket = connect(Number(port), hostname);
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk;
  });
  // The server may close it while it is written to, which resets it.
  socket.on('error', () => {});
  // Not events.once(), which rejects on such an error.
  const closed = new Promise<string>(resolve => socket.once('close', () => resolve(text)));
  return { socket, received: () => text, closed };
}

const head = (line: string, ...headers: string[]) => [`${line} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n');
const whole = (line: string, ...headers: string[]) => `${head(line, ...headers)}\r\n\r\n`;
const json = 'Content-Type: application/json';

/** Returns the largest resident memory of the API so far, in MiB. */
function peakMemory(): number {
  const status = readFileSync(`/proc/${service.api.process.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** Opens a connection that sends a byte of its headers every second and never ends them. */
function openLoris(): Connection {
  const loris = open();
  loris.socket.write(head('GET /api/v1/health', 'X-Slow: '));
  const trickle = setInterval(() => loris.socket.write('x'), 1000);
  loris.socket.once('close', () => clearInterval(trickle));
  return loris;
}

/** Sends junk over one connection as fast as it is taken, and returns the statuses of the answers. */
async function pushJunk(count: number): Promise<string[]> {
  const kinds = [
    whole('GET /api/v1/no/such/route'),
    `${whole('POST /api/v1/containers', json, 'Content-Length: 9')}{"image":`,
    `${whole('POST /api/v1/containers', 'Content-Type: text/plain', 'Content-Length: 4')}junk`,
    whole('GET /api/v1/jobs?limit=junk', `X-Junk: ${'x'.repeat(4000)}`),
    whole('DELETE /api/v1/jobs/junk', 'Origin: http://evil.example'),
  ];
  const { socket, received, closed } = open();
  socket.write(Array.from({ length: count }, (_, index) => kinds[index % kinds.length]).join(''));
  const statuses = () => [...received().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);
  await until(() => statuses().length === count || socket.destroyed);
  socket.destroy();
  await closed;
  return statuses();
}

describe('slow and hostile clients', () => {
  it.concurrent('serves others and stays healthy under 500 slow connections and a flood of junk', async () => {
    const { call } = service;
    const name = ownName();
    const lorises = Array.from({ length: 500 }, openLoris);
    const junk = Promise.all(Array.from({ length: 50 }, () => pushJunk(200)));
    const work = async () => {
      expect((await call('POST', '/containers', { image: images.plain, name, network: 'none', command: 'sleep 300' })).status).toBe(201);
      expect((await call('POST', `/containers/${name}/exec`, { command: 'echo hello' })).field('execution.stdout')).toBe('hello\n');
    };
    const askOften = until(async () => {
      expect((await call('GET', '/health')).status).toBe(200);
      return lorises.every(({ socket }) => socket.closed);
    });
    const [statuses] = await Promise.all([junk, work(), askOften]);

    expect(statuses.flat()).toHaveLength(10_000);
    expect(new Set(statuses.flat())).toEqual(new Set(['400', '403', '404', '415']));
    const refused = (await Promise.all(lorises.map(({ closed }) => closed))).filter(text => text !== '');
    expect(refused.length).toBeGreaterThan(0);
    for (const text of refused) expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"type":"TimeoutError"/);
    expect(peakMemory()).toBeLessThan(300);
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
  });

  it.concurrent('answers 413 to a body that never ends and closes the connection', async () => {
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
    ['bytes that are not HTTP', 'junk\r\n\r\n', 400, 'ValidationError'],
    ['a request without Host', 'GET /api/v1/health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'ValidationError'],
    ['a second Content-Length', whole('POST /api/v1/containers', json, 'Content-Length: 1', 'Content-Length: 2'), 400, 'ValidationError'],
    [
      'a Content-Length beside chunks',
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

  it('closes the connection of a request with junk behind it, without an answer', async () => {
    const { socket, closed } = open();
    const name = ownName();
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
    expect(peakMemory()).toBeLessThan(450);
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
});
