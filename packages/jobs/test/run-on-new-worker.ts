import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ConsumerOptions, consume, type JobType, type Outcome } from '../src/index.ts';
import { newJobId } from '../src/job-id.ts';
import { connectJobs, hooks, limits, secretKeys, type TestJobs, types } from './job-service.ts';

/** Options of a worker; those that a test does not give have defaults. */
export type WorkerOptions = Partial<ConsumerOptions> & Pick<ConsumerOptions, 'perform'>;

/** A job that has ended. */
export interface EndedTestJob extends Pick<TestJobs, 'jobs' | 'redis'> {
  readonly id: string;
  readonly outcome: Outcome | undefined;
}

let nodes = 0;

/** Runs a job on a worker and a node of its own, which are stopped after the test. */
export async function runOnNewWorker(
  redisUrl: string,
  type: JobType,
  options: WorkerOptions,
  createdAtMs = Date.now(),
): Promise<EndedTestJob> {
  const { jobs, redis, subscriber, stop } = await connectJobs(redisUrl);
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  nodes += 1;
  const node = `node-${nodes}`;
  const consumer = consume({
    redis,
    subscriber,
    secretKeys,
    types,
    hooks,
    ...limits,
    node,
    worker: `worker of ${node}`,
    concurrency: { commands: 1, reads: 1, waits: 1 },
    maxOutputBytes: 1000,
    ledgerFolder: join(folder, 'begun'),
    recover: async () => undefined,
    onForged: () => {},
    ...options,
  });
  onTestFinished(() => {
    consumer.stop();
    stop();
    rmSync(folder, { recursive: true });
  });
  const id = newJobId(node, type.lane, createdAtMs);
  const submission = { type, input: {}, request_id: 'one', token: null, isDetached: false };
  const submitted = await jobs.submit({ id, node, claim: undefined }, submission, new AbortController().signal);
  return { id, outcome: await submitted?.outcome, jobs, redis };
}
