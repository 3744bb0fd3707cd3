import type { Span, Tracing } from '@podman-api/runtime';
import { startRedis, type TestRedis } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createOutcome, type JobType, type Outcome } from '../src/index.ts';
import { command, connectJobs, hooks, read } from './job-service.ts';
import { runOnNewWorker, type WorkerOptions } from './run-on-new-worker.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** Runs a job on a new worker. @returns its outcome */
async function runJob(type: JobType, options: WorkerOptions, createdAtMs?: number): Promise<Outcome | undefined> {
  return (await runOnNewWorker(server.url, type, options, createdAtMs)).outcome;
}

/** Records the ends of spans. */
function createTracing(events: string[]): Tracing {
  const startSpan = (name: string): Span => ({
    context: undefined,
    run: callback => callback(),
    rename() {},
    setAttributes() {},
    setError() {},
    end: () => void events.push(`end of ${name}`),
  });
  return { isEnabled: true, hasActiveSpan: false, startSpan, stop: async () => {} };
}

describe('a worker that runs a job', () => {
  it('removes the mark of a job that ends before its worker notices the cancellation', async () => {
    const other = await connectJobs(server.url);
    onTestFinished(other.stop);
    const outcome = await runJob(command, {
      async perform({ id }) {
        await other.jobs.cancel(id);
        return createOutcome('succeeded', { result: {} });
      },
    });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(await other.redis.keys('*cancels*')).toEqual([]);
  });

  it('does not run a job that has waited for more than two days, because it may have run before', async () => {
    const events: string[] = [];
    const options: WorkerOptions = {
      async perform() {
        events.push('run');
        return createOutcome('succeeded', { result: {} });
      },
      onForged: () => void events.push('forged'),
    };
    const outcome = await runJob(command, options, Date.now() - 2 * 86_400_000);
    const message = 'The job has waited for more than two days, so it was not run. Send the request again.';
    expect(outcome).toMatchObject({ status: 'failed', error: { type: 'ServiceUnavailableError', message } });
    expect(events).toEqual([]);
  });

  it('ends the span of the job before it publishes the outcome', async () => {
    const events: string[] = [];
    const outcome = await runJob(read, {
      perform: async () => createOutcome('succeeded', { result: {} }),
      hooks: { ...hooks, onEnd: () => void events.push('outcome') },
      tracing: createTracing(events),
    });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(events.slice(0, 2)).toEqual([expect.stringMatching(/^end of process podman-node-\d+_reads$/), 'outcome']);
  });

  it('reports the job as unknown if it throws unexpectedly', async () => {
    const perform = async () => {
      throw new Error('a defect');
    };
    expect(await runJob(command, { perform })).toMatchObject({ status: 'unknown' });
  });
});

describe('a worker that cannot write to its STATE_DIR', () => {
  // No folder can be created below a device, as on a file system without free inodes.
  const ledgerFolder = '/dev/null/begun';

  it('does not run a command, and returns an error that names STATE_DIR', async () => {
    const performed: string[] = [];
    const outcome = await runJob(command, {
      ledgerFolder,
      perform: async ({ id }) => {
        performed.push(id);
        return createOutcome('succeeded', { result: {} });
      },
    });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { type: 'ServiceUnavailableError', message: expect.stringMatching(/STATE_DIR \(ENOTDIR\), so the job was not run/) },
    });
    expect(performed).toEqual([]);
  });

  it('still runs reads', async () => {
    const perform = async () => createOutcome('succeeded', { result: [] });
    expect(await runJob(read, { ledgerFolder, perform })).toMatchObject({ status: 'succeeded' });
  });
});
