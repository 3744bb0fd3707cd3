import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, type Service, startService, type TestChild, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** More calls than a worker keeps outcomes (5,000, see recent-outcomes.ts). */
const warmUpCalls = 6000;
const callsPerKind = 2000;
/**
 * Maximum growth of a process for each call. Some is normal: the outcome of a list is 1 KiB longer than that of the exec that it replaces.
 * With `Promise.race` in sessions, each exec left 8 KiB (long-lived-promise.ts).
 */
const maxBytesPerCall = 2048;
/** Limit against hanging: an idle machine takes two minutes for all. */
const timeoutMs = 1_800_000;

const probe = fileURLToPath(new URL('./retained-memory/heap-probe.ts', import.meta.url));

let folder: string;
let service: Service;
let container: string;

async function expectStatus(status: number, ...[method, path, body]: Parameters<Service['call']>): Promise<void> {
  const response = await service.call(method, path, body, { Prefer: 'wait=300' });
  expect(response, JSON.stringify(response.body).slice(0, 500)).toMatchObject({ status });
}

const exec = () => expectStatus(200, 'POST', `/containers/${container}/exec`, { command: ['true'] });

/** Kinds of calls, and how many are sent at once: with one caller, the same helper serves all requests for files. */
const kinds: readonly { readonly title: string; readonly callers: number; send(): Promise<void> }[] = [
  { title: 'execs in a session', callers: 6, send: exec },
  {
    title: 'writes of a file',
    callers: 1,
    send: () => expectStatus(201, 'POST', `/containers/${container}/files`, { dest_path: '/file', content: 'x' }),
  },
  { title: 'reads of a file', callers: 1, send: () => expectStatus(200, 'GET', `/containers/${container}/files?path=/file`) },
  { title: 'lists', callers: 6, send: () => expectStatus(200, 'GET', `/containers?name=${container}`) },
  { title: 'logs', callers: 6, send: () => expectStatus(200, 'GET', `/containers/${container}/logs`) },
];

async function sendAll(send: () => Promise<void>, callers: number, count: number): Promise<void> {
  let sent = 0;
  const work = async () => {
    while (sent < count) {
      sent += 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: callers }, work));
}

/** Returns the bytes that the API and the worker use after all garbage has been collected. */
async function measureRetainedBytes(): Promise<{ readonly api: number; readonly worker: number }> {
  const [api = 0, worker = 0] = await Promise.all([service.api, service.worker].map(collectAndMeasure));
  return { api, worker };
}

async function collectAndMeasure({ process: { pid } }: TestChild): Promise<number> {
  if (pid === undefined) throw new Error('the process has not started');
  const read = () => {
    try {
      return readFileSync(join(folder, String(pid)), 'utf8')
        .split(' ')
        .map(Number);
    } catch {
      return [];
    }
  };
  const [countBefore = 0] = read();
  process.kill(pid, 'SIGUSR2');
  let bytes = 0;
  await until(() => {
    const [count = 0, size = 0] = read();
    bytes = size;
    return count > countBefore;
  });
  return bytes;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  service = await startService({
    NODE_OPTIONS: `--expose-gc --import=${probe}`,
    HEAP_PROBE_FOLDER: folder,
    EXEC_SESSIONS: '8',
    MAX_WAIT: '300',
  });
  container = await startContainer(images.busybox, 'sleep', '7200');
  await sendAll(exec, 6, warmUpCalls);
}, timeoutMs);
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

describe('API and worker', () => {
  it.each(kinds)(`retain less than ${maxBytesPerCall} bytes per call after ${callsPerKind} $title`, async ({ title, callers, send }) => {
    await sendAll(send, callers, callsPerKind / 10);
    const before = await measureRetainedBytes();
    await sendAll(send, callers, callsPerKind);
    const after = await measureRetainedBytes();
    const [api = 0, worker = 0] = [after.api - before.api, after.worker - before.worker].map(bytes => Math.round(bytes / callsPerKind));
    process.stdout.write(`${title}: ${api} bytes for each call in the API, ${worker} in the worker\n`);
    expect(Math.max(api, worker)).toBeLessThan(maxBytesPerCall);
  });
});
