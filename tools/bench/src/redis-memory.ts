import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createApiBackend } from '@podman-api/api/backend';
import { createOutcome } from '@podman-api/jobs';
import { containerOperations } from '@podman-api/operations';
import { noopTracing } from '@podman-api/runtime';
import { startWorkerBackend } from '@podman-api/worker/backend';

/** Memory of Redis after many jobs. */
export interface RedisMemory {
  readonly jobs: number;
  readonly usedMib: number;
  readonly peakMib: number;
}

const outputSpaceBytes = 256 * 1024 ** 2;
const resultTtlSeconds = 3600;
const outputBytesPerJob = 64 * 1024;
const callers = 50;

/**
 * Runs jobs with 64 KiB of incompressible output each through the queue and measures the memory of Redis.
 * Runs no podman: twenty thousand real execs would take an hour and leave the same data in Redis.
 */
export async function measureRedisMemory(jobs: number): Promise<RedisMemory> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-bench-'));
  const socket = join(folder, 'redis.sock');
  const redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''], { stdio: 'ignore' });
  while (!existsSync(socket)) await delay(20);
  const redisAddress = { kind: 'single', url: `unix://${socket}` } as const;
  const common = { secretKeys: [randomBytes(32).toString('hex')] as const, onEnd: () => {} };
  const worker = startWorkerBackend({
    ...common,
    redisAddress,
    resultTtlSeconds,
    outputSpaceBytes,
    onForged: () => {},
    node: 'bench',
    concurrency: { commands: 10, reads: 1, waits: 1 },
    maxOutputBytes: 16 * 1024 ** 2,
    ledgerFolder: join(folder, 'begun'),
    report: createReporter(),
    perform: async ({ output }) => {
      await output('stdout', randomBytes(outputBytesPerJob));
      return createOutcome('succeeded', { result: { exit_code: 0, success: true, duration_ms: 1, encoding: 'base64' } });
    },
    recover: async () => undefined,
  });
  const api = createApiBackend({
    ...common,
    config: {
      REDIS_URL: redisAddress,
      REQUEST_TIMEOUT: 30,
      RESULT_TTL: resultTtlSeconds,
      OUTPUT_SPACE: outputSpaceBytes,
      MAX_QUEUE: 1000,
      MAX_QUEUE_BYTES: 64 * 1024 ** 2,
    },
    onWarning: () => {},
    tracing: noopTracing,
  });
  await api.fleet.ready;
  const call = {
    type: containerOperations.exec,
    input: { name: 'c', command: 'x' },
    request_id: 'bench',
    token: null,
    startWait: () => new AbortController().signal,
  };
  let left = jobs;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left-- > 0) await api.dispatcher.runOnNode(call, 'bench');
    }),
  );
  const info = execFileSync('redis-cli', ['-s', socket, 'INFO', 'memory'], { encoding: 'utf8' });
  const readMebibytes = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]) / 1024 ** 2;
  await api.close();
  await worker.drain();
  await worker.close();
  redis.kill('SIGTERM');
  await once(redis, 'exit');
  rmSync(folder, { recursive: true });
  return { jobs, usedMib: readMebibytes('used_memory'), peakMib: readMebibytes('used_memory_peak') };
}

function createReporter() {
  const id = randomUUID();
  return () => ({
    id,
    node: 'bench',
    pid: process.pid,
    started_at: new Date().toISOString(),
    max_workers: 10,
    running: 0,
    stopping: false,
    podman: { working: true, version: null, error: null },
    event_loop_delay_ms: 0,
    labels: {},
    arch: process.arch,
    cpus: 1,
    memory: 0,
    containers: 0,
    shortened_containers: 0,
    list_error: null,
    pools: {},
  });
}
