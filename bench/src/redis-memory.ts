import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findOperation } from '@podman-api/operations';
import { consume, createQueueClient, ended } from '@podman-api/queue';

/** What Redis holds after many jobs, in MiB. */
export interface RedisMemory {
  readonly jobs: number;
  readonly used: number;
  readonly peak: number;
}

const outputSpace = 256 * 1024 ** 2;
const outputOfEach = 64 * 1024;
const callers = 50;

/**
 * Runs jobs through the queue whose output is 64 KiB that nothing can compress, and looks at what Redis holds then.
 * There is no podman in it: twenty thousand real execs would take an hour, and leave the same in Redis.
 */
export async function measureRedisMemory(jobs: number): Promise<RedisMemory> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-bench-'));
  const socket = join(folder, 'redis.sock');
  const redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''], { stdio: 'ignore' });
  while (!existsSync(socket)) await delay(20);
  const common = {
    redisAddress: { kind: 'single', url: `unix://${socket}` } as const,
    secretKeys: [randomBytes(32).toString('hex')] as const,
    onEnd: () => {},
    onWarning: () => {},
    onForged: () => {},
    resultTtl: 3600,
    outputSpace,
  };
  const worker = consume({
    ...common,
    node: 'bench',
    concurrency: { commands: 10, reads: 1 },
    maxOutput: 16 * 1024 ** 2,
    ledgerFolder: join(folder, 'begun'),
    report: reporter(),
    perform: async ({ output }) => {
      await output('stdout', randomBytes(outputOfEach));
      return ended('succeeded', { result: { exit_code: 0, success: true, duration_ms: 1, encoding: 'base64' } });
    },
    recover: async () => undefined,
  });
  const client = createQueueClient({ ...common, maxQueue: 1000, maxQueueBytes: 64 * 1024 ** 2 });
  await client.fleet.ready;
  const exec = findOperation('container.exec');
  if (!exec) throw new Error('there is no container.exec');
  const request = { node: 'bench', request_id: 'bench', token: null, detached: false };
  let left = jobs;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left-- > 0) await (await client.submit(exec, { name: 'c', command: 'x' }, request, new AbortController().signal)).ended;
    }),
  );
  const info = execFileSync('redis-cli', ['-s', socket, 'INFO', 'memory'], { encoding: 'utf8' });
  const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]) / 1024 ** 2;
  await client.close();
  await worker.drain();
  await worker.close();
  redis.kill('SIGTERM');
  await once(redis, 'exit');
  rmSync(folder, { recursive: true });
  return { jobs, used: of('used_memory'), peak: of('used_memory_peak') };
}

function reporter() {
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
  });
}
