import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, type Service, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { watchMemory } from './transfers/measure.ts';
import { filesPath } from './transfers/transfer-client.ts';

const gibibyte = 1024 ** 3;
/** Memory that each process may take for transfers, however large they are. */
const maxMebibytes = 150;
/** Bytes of a transfer for each full garbage collection, at least; without `growHeapDuringTransfer` it is 9 to 21 MiB, and with it 25 to 43. */
const minBytesPerCollection = 18 * 1024 ** 2;
/** The worker notices first that the job is cancelled, or that the channel is closed. */
const endings: readonly string[] = ['cancelled', 'failed'];
const piece = Buffer.alloc(256 * 1024, 'a transfer of these tests ');

const probe = fileURLToPath(new URL('./transfers/gc-probe.ts', import.meta.url));
let probeFolder: string;
let service: Service;
let container: string;
beforeAll(async () => {
  probeFolder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  service = await startService({ NODE_OPTIONS: `--max-semi-space-size=2 --import=${probe}`, GC_PROBE_FOLDER: probeFolder });
  container = await startContainer(images.busybox);
});
afterAll(async () => {
  await service.stop();
  rmSync(probeFolder, { recursive: true });
});

const pidsOf = ({ api, worker, redis }: Service) =>
  [api.process.pid, worker.process.pid, ...redis.servers.map(({ child }) => child.process.pid)].map(pid => pid ?? 0);
const run = async (command: string) => {
  const response = await service.call('POST', `/containers/${container}/exec`, { command }, { Prefer: 'wait=300' });
  expect(response).toMatchObject({ status: 200 });
  return String(response.field('execution.stdout'));
};
const urlOf = (path: string) => `${service.url}/api/v1${filesPath(container, path)}`;

/**
 * A body of a given number of bytes, generated on demand.
 * @param signal ends it early: `fetch` reads a body to its end, also after the connection has broken
 */
function createBody(bytes: number, signal?: AbortSignal): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      // Otherwise nothing else would run in this process while the body is read faster than it is sent.
      await new Promise(resolve => setImmediate(resolve));
      if (sent >= bytes || signal?.aborted) return controller.close();
      const next = piece.subarray(0, Math.min(piece.length, bytes - sent));
      sent += next.length;
      controller.enqueue(new Uint8Array(next));
    },
  });
}

/** Returns the number of full garbage collections of the API and the worker so far. */
function countCollections(): readonly number[] {
  return [service.api, service.worker].map(({ process: { pid } }) => {
    return statSync(join(probeFolder, String(pid)), { throwIfNoEntry: false })?.size ?? 0;
  });
}

/** @param bytes that each process passes on */
async function measure(what: string, bytes: number, transferAll: () => Promise<void>): Promise<void> {
  const collectionsBefore = countCollections();
  const memory = watchMemory(pidsOf(service));
  const startedAt = performance.now();
  await transferAll();
  const seconds = (performance.now() - startedAt) / 1000;
  const [api = 0, worker = 0, ...redis] = memory.stop();
  const collections = countCollections().map((count, index) => count - (collectionsBefore[index] ?? 0));
  console.log(
    `${what}: ${Math.round(bytes / 1e6 / seconds)} MB/s; above idle: API ${api}, worker ${worker}, Redis ${redis.join('+')} MiB; ` +
      `full garbage collections: ${collections.join(' and ')}`,
  );
  for (const mebibytes of [api, worker, ...redis]) expect(mebibytes).toBeLessThan(maxMebibytes);
  for (const count of collections) expect(count).toBeLessThan(bytes / minBytesPerCollection);
}

describe('a file of 1 GiB', () => {
  it('is uploaded and downloaded with bounded memory', async () => {
    const sum = createHash('sha256');
    for (let at = 0; at < gibibyte; at += piece.length) sum.update(piece);
    const expected = sum.digest('hex');
    await measure('upload', gibibyte, async () => {
      const response = await fetch(urlOf('/large'), { method: 'PUT', body: createBody(gibibyte), duplex: 'half' });
      expect([response.status, await response.json()]).toMatchObject([201, { file: { size: gibibyte } }]);
    });
    expect(await run('sha256sum /large | cut -c1-64')).toBe(`${expected}\n`);
    await measure('download', gibibyte, async () => {
      const received = createHash('sha256');
      const response = await fetch(urlOf('/large'));
      for await (const bytes of response.body ?? []) received.update(bytes);
      expect(received.digest('hex')).toBe(expected);
    });
  });

  it('is carried as an archive out of one directory and into another, with bounded memory', async () => {
    await run('mkdir -p /from/folder /to && dd if=/dev/urandom of=/from/folder/large bs=1M count=1024 2>/dev/null');
    const archiveUrl = (path: string) => `${service.url}/api/v1${filesPath(container, path, {}, 'archive')}`;
    await measure('archive, out and in', 2 * gibibyte, async () => {
      const out = await fetch(archiveUrl('/from/folder'), { headers: { 'Accept-Encoding': 'identity' } });
      const response = await fetch(archiveUrl('/to'), { method: 'PUT', body: out.body, duplex: 'half' });
      expect([response.status, await response.json()]).toMatchObject([200, { archive: { entries: 2, size: gibibyte } }]);
    });
    expect(await run('cmp /from/folder/large /to/folder/large && echo same; rm -r /from /to')).toBe('same\n');
  });

  // The client has room for far less than the file.
  it('is not read further while its client does not read', async () => {
    await run('head -c 200000000 /dev/zero >/unread');
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(`GET /api/v1${filesPath(container, '/unread')} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, 'readable');
    const id = String((await service.call('GET', `/jobs?container=${container}&operation=container.read_file&limit=1`)).field('jobs.0.id'));
    const stream = `podman-api:channel-out:{${service.env['NODE_NAME']}}${id.slice(String(service.env['NODE_NAME']).length)}`;
    await until(async () => (await service.redis.sendCommand('XLEN', stream)).trim() === '4');
    expect(findHelpers(service.env, id)).toHaveLength(1);
    socket.destroy();
    await until(async () => endings.includes(String((await service.call('GET', `/jobs/${id}`)).field('job.status'))));
    await until(async () => (await service.redis.sendCommand('EXISTS', stream)).trim() === '0');
    await until(() => findHelpers(service.env, id).length === 0);
  });
});

describe('an upload whose parts die', () => {
  it.each(['api', 'worker', 'redis'] as const)(
    'leaves no partial file and no process after the %s was killed',
    part =>
      expectNothingLeft(
        part,
        target => filesPath(target, '/srv/file'),
        signal => createBody(100 * gibibyte, signal),
      ),
    600_000,
  );
});

describe('an archive whose parts die', () => {
  it.each(['api', 'worker', 'redis'] as const)(
    'leaves nothing unpacked and no process after the %s was killed',
    part => expectNothingLeft(part, target => filesPath(target, '/srv', {}, 'archive'), createArchive),
    600_000,
  );
});

/** Kills a part of a service during an upload without an end, and waits until nothing is left of it. @param pathOf of a container */
async function expectNothingLeft(
  part: 'api' | 'worker' | 'redis',
  pathOf: (container: string) => string,
  createUpload: (signal: AbortSignal) => ReadableStream<Uint8Array>,
): Promise<void> {
  const isOver = new AbortController();
  onTestFinished(() => isOver.abort());
  const own = await startService();
  onTestFinished(() => own.stop());
  const target = await startContainer(images.busybox);
  const list = () => testPodman().run(['exec', '--', target, 'ls', '-A', '/srv']);
  await testPodman().run(['exec', '--', target, 'mkdir', '/srv']);
  const response = fetch(`${own.url}/api/v1${pathOf(target)}`, { method: 'PUT', body: createUpload(isOver.signal), duplex: 'half' }).then(
    ({ status }) => status,
    () => 'broken off',
  );
  await until(async () => (await list()).includes('.podman-api-'));
  expect(findHelpers(own.env)).toHaveLength(1);
  if (part === 'redis') await own.redis.kill();
  else own[part].process.kill('SIGKILL');
  expect(['broken off', 500, 503]).toContain(await response);
  isOver.abort();
  await until(async () => (await list()) === '');
  await until(() => findHelpers(own.env).length === 0);
  if (part === 'redis') await own.redis.restart();
}

/** An archive of small files, generated on demand until a signal ends it. */
function createArchive(signal: AbortSignal): ReadableStream<Uint8Array> {
  const archive = pack();
  let count = 0;
  return new ReadableStream({
    async pull(controller) {
      if (signal.aborted) return controller.close();
      count += 1;
      archive.entry({ name: `folder-${count % 100}/file-${count}` }, piece.subarray(0, 1000).toString());
      for (let bytes: unknown = archive.read(); bytes instanceof Uint8Array; bytes = archive.read())
        controller.enqueue(new Uint8Array(bytes));
      await new Promise(resolve => setImmediate(resolve));
    },
  });
}

/**
 * Returns the ids of the helper processes that work with the variables of a service; one that waits for a request is not counted.
 * @param job the id of the job that they work for; default: any
 */
function findHelpers(env: Readonly<Record<string, string>>, job = ''): readonly string[] {
  const storage = `CONTAINERS_STORAGE_CONF=${env['CONTAINERS_STORAGE_CONF']}`;
  return readdirSync('/proc').filter(pid => {
    try {
      // The title of a helper, see packages/podman/src/files/protocol.ts.
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`podman-api-files PODMAN_API_PODMAN_OF=${job}`))
        return false;
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(storage);
    } catch {
      return false;
    }
  });
}
