import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { respondToClientErrors } from '../src/client-error.ts';

/** Opens a connection to a server that counts its requests. Default of both time limits: they do not matter. */
async function openConnection({ headersTimeoutMs = 600_000, unusedTimeoutMs = 600_000 } = {}) {
  let requests = 0;
  const server = createServer({ headersTimeout: headersTimeoutMs, requestTimeout: 0, connectionsCheckingInterval: 20 }, (_, response) => {
    requests += 1;
    response.end();
  });
  respondToClientErrors(server, unusedTimeoutMs);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect({ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { server, client, countRequests: () => requests };
}

/** Sends bytes, reading only once all are sent, as many clients do. @returns the whole response */
async function send(client: Socket, bytes: string): Promise<string> {
  client.pause();
  await new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.write(bytes, error => (error ? reject(error) : resolve()));
  });
  return String(Buffer.concat(await client.toArray()));
}

/** More than the buffers of a connection on loopback hold. */
const manyBytes = 'a'.repeat(16 * 1024 ** 2);

describe('respondToClientErrors', () => {
  it.each([
    [431, 'headers that are too large', `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${manyBytes}`],
    [400, 'what is not HTTP', `\u0001${manyBytes}`],
  ])('answers %i to a client that sends much more after %s', async (status, _, bytes) => {
    const { client } = await openConnection();
    const response = await send(client, bytes);
    expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(response).toContain('"success":false');
  });

  it('serves the first request of a connection that was opened long before', async () => {
    const { server, client, countRequests } = await openConnection({ headersTimeoutMs: 1 });
    await once(server, 'clientError');
    // A response to the connection would be sent by now.
    await turnOfEventLoop();
    await turnOfEventLoop();
    const response = await send(client, 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(response).toMatch(/^HTTP\/1.1 200 /);
    expect(countRequests()).toBe(1);
  });

  it('closes a connection without a response if no request follows', async () => {
    const { client } = await openConnection({ headersTimeoutMs: 1, unusedTimeoutMs: 50 });
    expect(await client.toArray()).toEqual([]);
  });

  it('answers 408 to a request that began and did not arrive in time', async () => {
    const { client } = await openConnection({ headersTimeoutMs: 1 });
    expect(await send(client, 'GET / HTTP/1.1\r\nHost: ')).toMatch(/^HTTP\/1.1 408 /);
  });

  it('serves no request that follows a malformed one on the connection', async () => {
    const { client, countRequests } = await openConnection();
    const response = await send(client, '\u0001\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(response.match(/HTTP\/1.1 /g)).toHaveLength(1);
    expect(countRequests()).toBe(0);
  });
});
