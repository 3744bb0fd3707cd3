import { readFileSync } from 'node:fs';
import { images, type TestApi, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { expect } from 'vitest';
import { type Connection, head, json, openConnection, whole } from './connection.ts';

/** Variables of a process whose memory is measured. */
export const memoryVariables = {
  // As `npm start` and the systemd units start it: the default young generation takes 60 to 85 MiB more (measured).
  NODE_OPTIONS: '--max-semi-space-size=2',
};

/** Number of requests that one connection of a flood sends. */
const requestsPerConnection = 200;

/** Returns the largest resident memory of a process so far, in MiB. */
export function readPeakMemory({ process: { pid } }: TestApi['api']): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** Opens a connection that sends a byte of its headers every second and never ends them. */
function openLoris(url: string): Connection {
  const loris = openConnection(url);
  loris.socket.write(head('GET /api/v1/health', 'X-Slow: '));
  const trickle = setInterval(() => loris.socket.write('x'), 1000);
  loris.socket.once('close', () => clearInterval(trickle));
  return loris;
}

/** Sends junk over one connection as fast as it is taken, and returns the statuses of the responses. */
async function pushJunk(url: string, count: number): Promise<string[]> {
  const kinds = [
    whole('GET /api/v1/no/such/route'),
    `${whole('POST /api/v1/containers', json, 'Content-Length: 9')}{"image":`,
    `${whole('POST /api/v1/containers', 'Content-Type: text/plain', 'Content-Length: 4')}junk`,
    whole('GET /api/v1/jobs?limit=junk', `X-Junk: ${'x'.repeat(4000)}`),
    whole('DELETE /api/v1/jobs/junk', 'Origin: http://evil.example'),
  ];
  const { socket, received, closed } = openConnection(url);
  socket.write(Array.from({ length: count }, (_, index) => kinds[index % kinds.length]).join(''));
  const statuses = () => [...received().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);
  await until(() => statuses().length === count || socket.destroyed);
  socket.destroy();
  await closed;
  return statuses();
}

/**
 * Checks that an API process serves others and stays healthy under slow connections and a flood of junk.
 * @param slowCount number of slow connections
 * @param floodCount number of connections that send 200 requests of junk each
 */
export async function serveUnderFlood(service: TestApi, slowCount: number, floodCount: number): Promise<void> {
  const { call, url, api } = service;
  const name = uniqueContainerName();
  const lorises = Array.from({ length: slowCount }, () => openLoris(url));
  const junk = Promise.all(Array.from({ length: floodCount }, () => pushJunk(url, requestsPerConnection)));
  const work = async () => {
    expect((await call('POST', '/containers', { image: images.plain, name, network: 'none', command: 'sleep 300' })).status).toBe(201);
    expect((await call('POST', `/containers/${name}/exec`, { command: 'echo hello' })).field('execution.stdout')).toBe('hello\n');
  };
  const askOften = until(async () => {
    expect(await call('GET', '/health')).toMatchObject({ status: 200 });
    return lorises.every(({ socket }) => socket.closed);
  });
  const [statuses] = await Promise.all([junk, work(), askOften]);

  expect(statuses.flat()).toHaveLength(floodCount * requestsPerConnection);
  expect(new Set(statuses.flat())).toEqual(new Set(['400', '403', '404', '415']));
  const refused = (await Promise.all(lorises.map(({ closed }) => closed))).filter(text => text !== '');
  expect(refused.length).toBeGreaterThan(0);
  for (const text of refused) expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"type":"TimeoutError"/);
  expect(readPeakMemory(api)).toBeLessThan(300);
  expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
}
