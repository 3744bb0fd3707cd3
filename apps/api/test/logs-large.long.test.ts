import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { images, type Service, startService, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const gibibyte = 1024 ** 3;
const logBytes = 2 * gibibyte;
const maxLogBytes = 8 * 1024 ** 2;
/** By one request, and in all since the worker has started. */
const maxGrowthBytes = 150 * 1024 ** 2;
const maxTotalGrowthBytes = 300 * 1024 ** 2;
/** Written at once, with one time. */
const blockBytes = 1024 ** 2;
/** What the worker may read for the last lines: those, at most `maxLogBytes` of them as records, and what it receives meanwhile. */
const maxReadBytes = 64 * 1024 ** 2;
const firstMs = Date.parse('2026-11-28T12:00:00Z');

/** Kinds of logs, by the record that they repeat. */
const kinds = [
  { title: 'lines of 100 bytes', tag: 'F', text: 'x'.repeat(100) },
  { title: 'empty lines', tag: 'F', text: '' },
  { title: 'lines of bytes that JSON escapes', tag: 'F', text: '\0'.repeat(1000) },
  { title: 'bytes that are not UTF-8', tag: 'F', text: '\xff'.repeat(1000) },
  { title: 'a line that never ends', tag: 'P', text: 'x'.repeat(8192) },
] as const;

let service: Service;
/** Resident memory of the worker before it has read a log. */
let idleBytes: number;
beforeAll(async () => {
  service = await startService({ DEBUG: 'true' });
  idleBytes = resetPeak(service.worker.process.pid);
});
afterAll(() => service.stop());

/** Creates an exited container. @returns the path of its log */
async function createEnded(): Promise<{ readonly name: string; readonly path: string }> {
  const name = uniqueContainerName();
  const podman = testPodman();
  await podman.run(['run', `--name=${name}`, '--network=none', '--log-driver=k8s-file', '--', images.busybox, 'true']);
  const path = (await podman.run(['container', 'inspect', '--format={{.HostConfig.LogConfig.Path}}', '--', name])).trim();
  return { name, path };
}

/**
 * Writes a log as conmon does, each block a second later than the one before. Asynchronously, so that this process notices meanwhile
 * that the API has closed an idle connection.
 * @returns how many blocks
 */
async function writeLog(path: string, { tag, text }: Pick<(typeof kinds)[number], 'tag' | 'text'>, size: number): Promise<number> {
  await using file = await open(path, 'w');
  let written = 0;
  let blocks = 0;
  for (; written < size; blocks += 1) {
    const record = Buffer.from(`${timeText(blocks)} stdout ${tag} ${text}\n`, 'latin1');
    written += (await file.write(Buffer.alloc(Math.floor(blockBytes / record.length) * record.length, record))).bytesWritten;
  }
  return blocks;
}

const timeText = (block: number) => new Date(firstMs + block * 1000).toISOString().replace('Z', '000000+00:00');

const getLogs = async (name: string, query: string) => {
  const response = await service.call('GET', `/containers/${name}/logs?${query}`);
  expect(response.status).toBe(200);
  return { logs: String(response.field('container.logs')), truncated: response.field('container.truncated') };
};

/** Bytes that a process has read from files and sockets since it started, proc_pid_io(5). */
function readBytes(pid: number | undefined): number {
  return Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

/** Peak of resident memory since `resetPeak`, proc_pid_status(5). */
function peakBytes(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Sets the peak to what the process has now, proc_pid_clear_refs(5). */
function resetPeak(pid: number | undefined): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return peakBytes(pid);
}

/** @param before resident memory before the request, as `resetPeak` returns it */
function expectBoundedMemory(pid: number | undefined, before: number): void {
  const peak = peakBytes(pid);
  expect(peak - before).toBeLessThan(maxGrowthBytes);
  expect(peak - idleBytes).toBeLessThan(maxTotalGrowthBytes);
}

describe.each(kinds)('GET /containers/:name/logs of 2 GiB of $title', kind => {
  let large: Awaited<ReturnType<typeof createEnded>>;
  let blocks: number;
  beforeAll(async () => {
    large = await createEnded();
    const { bavail, bsize } = statfsSync(dirname(large.path));
    if (bavail * bsize < logBytes + gibibyte) throw new Error(`Free 3 GiB on the file system of ${large.path} to run this test.`);
    blocks = await writeLog(large.path, kind, logBytes);
  });
  afterAll(async () => {
    await testPodman().run(['rm', '--', large.name]);
  });

  it('reads only the end of the log for the last lines', async () => {
    const before = readBytes(service.worker.process.pid);
    await getLogs(large.name, 'tail=100');
    expect(readBytes(service.worker.process.pid) - before).toBeLessThan(maxReadBytes);
  });

  it.each(['tail=100', 'tail=all', 'tail=999999999', 'tail=999999999&timestamps=true', 'tail=all&since=1'])(
    'needs little memory for %s',
    async query => {
      const pid = service.worker.process.pid;
      const before = resetPeak(pid);
      const { logs, truncated } = await getLogs(large.name, query);
      expect(truncated).toBe(query !== 'tail=100' || kind.tag === 'P');
      expect(Buffer.byteLength(JSON.stringify(logs))).toBeLessThanOrEqual(maxLogBytes + '""'.length);
      expectBoundedMemory(pid, before);
    },
  );

  it('finds the last records by their time', async () => {
    const pid = service.worker.process.pid;
    const before = resetPeak(pid);
    const { logs, truncated } = await getLogs(large.name, `tail=all&since=${encodeURIComponent(timeText(blocks - 2))}`);
    expect(truncated).toBe(false);
    const recordBytes = timeText(0).length + ' stdout F \n'.length + kind.text.length;
    expect(logs.length).toBe(Math.floor(blockBytes / recordBytes) * (kind.text.length + (kind.tag === 'F' ? 1 : 0)));
    expectBoundedMemory(pid, before);
  });

  it('starts no podman logs', () => {
    expect(service.worker.output()).not.toContain('"podman":"logs"');
  });
});
