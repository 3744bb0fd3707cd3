import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { sharedService, startApi, until } from '@podman-api/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Connection, head, json, openConnection, whole } from './slow-clients/connection.ts';
import { memoryVariables, serveUnderFlood } from './slow-clients/flood.ts';

/** Starts an API process that uses the shared service's Redis and worker. */
async function startOwnApi() {
  const service = await startApi({ ...sharedService().env, ...memoryVariables });
  onTestFinished(async () => {
    service.api.process.kill('SIGCONT');
    await service.api.end();
  });
  return service;
}

/** Returns the bytes that have arrived at the server and that it has not read, by /proc/net/tcp (proc_net_tcp.txt of the kernel). */
function readUnreadBytes({ socket: { localPort, remotePort } }: Connection): number {
  const hex = (port = 0) => port.toString(16).toUpperCase().padStart(4, '0');
  const pattern = new RegExp(`:${hex(remotePort)} [0-9A-F]+:${hex(localPort)} [0-9A-F]+ [0-9A-F]+:([0-9A-F]+) `);
  return Number.parseInt(pattern.exec(readFileSync('/proc/net/tcp', 'utf8'))?.[1] ?? '', 16);
}

describe('an API process', () => {
  it('serves others and stays healthy under 500 slow connections and 10,000 requests of junk', async () => {
    const service = await startOwnApi();
    await serveUnderFlood(service, 500, 50);
    expect(await service.api.end()).toBe(0);
  });

  // Steps: the beginning of each request is read; the process is stopped; the rest arrives; the limits pass; the process continues.
  it('serves requests whose rest has arrived while it had no CPU for longer than the time limits, and refuses the others', async () => {
    const { api, url } = await startOwnApi();
    const begin = async (text: string) => {
      const connection = openConnection(url);
      await new Promise<void>(resolve => connection.socket.write(text, () => resolve()));
      await until(() => readUnreadBytes(connection) === 0);
      return connection;
    };
    const [headers, ended, body, endedBody] = await Promise.all([
      begin(head('GET /api/v1/health')),
      begin(head('GET /api/v1/health')),
      begin(whole('POST /api/v1/containers', json, 'Content-Length: 2')),
      begin(whole('POST /api/v1/containers', json, 'Content-Length: 2')),
    ]);
    api.process.kill('SIGSTOP');
    headers.socket.write('\r\n\r\n');
    body.socket.write('{}');
    await until(() => readUnreadBytes(headers) === 4 && readUnreadBytes(body) === 2);
    // Longer than the limit of 60 s for a body.
    await delay(61_000);
    api.process.kill('SIGCONT');
    await until(() => headers.received().startsWith('HTTP/1.1 200 '));
    await until(() => body.received().startsWith('HTTP/1.1 400 '));
    expect([await ended.closed, await endedBody.closed]).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/^HTTP\/1\.1 408 /)),
    );
    for (const { socket } of [headers, body]) socket.destroy();
  });
});
