import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, type Service, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** More than the outcomes that a worker keeps, see recent-outcomes.ts. */
const warmUpCalls = 6000;
const callsPerKind = 2000;
const callers = 6;
/**
 * Bytes that a call may leave in a process. The outcome of a list is 1 KiB longer than that of the exec whose place it takes. Each exec left
 * 8 KiB while sessions waited with `Promise.race`, see long-lived-promise.ts.
 */
const maxBytesPerCall = 2048;

const probe = fileURLToPath(new URL('./retained-memory/heap-probe.ts', import.meta.url));

let folder: string;
let service: Service;
let container: string;

type SendOne = () => Promise<void>;

async function expectStatus(status: number, ...[method, path, body]: Parameters<Service['call']>): Promise<void> {
  const answer = await service.call(method, path, body, { Prefer: 'wait=300' });
  expect(answer, JSON.stringify(answer.body).slice(0, 500)).toMatchObject({ status });
}

const exec = () => expectStatus(200, 'POST', `/containers/${container}/exec`, { command: ['true'] });

/** Opens a stream of the container's statistics, and leaves it after the first item. */
async function openStats(): Promise<void> {
  const left = new AbortController();
  const response = await fetch(`${service.url}/api/v1/containers/${container}/stats?stream=true`, { signal: left.signal });
  expect(response.status).toBe(200);
  await response.body?.getReader().read();
  left.abort();
}

/** Sends many calls, a few at a time. */
async function sendAll(send: SendOne, count: number): Promise<void> {
  let sent = 0;
  const work = async () => {
    while (sent < count) {
      sent += 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: callers }, work));
}

/** Returns the bytes that the API and the worker still use after all garbage is collected. */
async function readRetained(): Promise<{ readonly api: number; readonly worker: number }> {
  const [api, worker] = await Promise.all([service.api, service.worker].map(({ process: { pid } }) => collectIn(pid ?? 0)));
  return { api: api ?? 0, worker: worker ?? 0 };
}

async function collectIn(pid: number): Promise<number> {
  const read = () => {
    try {
      return readFileSync(join(folder, String(pid)), 'utf8')
        .split(' ')
        .map(Number);
    } catch {
      return [0, 0];
    }
  };
  const [countBefore = 0] = read();
  process.kill(pid, 'SIGUSR2');
  let [count = 0, bytes = 0] = read();
  await until(() => {
    [count = 0, bytes = 0] = read();
    return count > countBefore;
  });
  return bytes;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  service = await startService({ NODE_OPTIONS: `--expose-gc --import=${probe}`, HEAP_PROBE_FOLDER: folder, MAX_WAIT: '300' });
  container = await startContainer(images.busybox);
  await sendAll(exec, warmUpCalls);
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

describe(`memory after ${callsPerKind} more calls`, () => {
  it.each<[string, SendOne]>([
    ['execs in a session', exec],
    ['writes of a file', () => expectStatus(201, 'POST', `/containers/${container}/files`, { dest_path: '/file', content: 'x' })],
    ['reads of a file', () => expectStatus(200, 'GET', `/containers/${container}/files?path=/file`)],
    ['lists', () => expectStatus(200, 'GET', `/containers?name=${container}`)],
    ['logs', () => expectStatus(200, 'GET', `/containers/${container}/logs`)],
    ['streams of statistics', openStats],
  ])('holds nothing of %s', async (kind, send) => {
    await sendAll(send, callsPerKind / 10);
    const before = await readRetained();
    await sendAll(send, callsPerKind);
    const after = await readRetained();
    const [api, worker] = [after.api - before.api, after.worker - before.worker].map(bytes => Math.round(bytes / callsPerKind));
    process.stdout.write(`${kind}: ${api} bytes for each call in the API, ${worker} in the worker\n`);
    expect(Math.max(api ?? 0, worker ?? 0)).toBeLessThan(maxBytesPerCall);
  });
});
