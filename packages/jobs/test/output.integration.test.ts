import { startRedis, type TestRedis } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutcome } from '../src/index.ts';
import { keys } from '../src/keys.ts';
import { enforceOutputQuota } from '../src/record/output-quota.ts';
import { command } from './job-service.ts';
import { runOnNewWorker } from './run-on-new-worker.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** Runs a job with 3 MB of output, which is read in several pages. @param prepare is called with the job's id before the output */
const runWithOutput = (prepare: (id: string) => Promise<unknown> = async () => {}) =>
  runOnNewWorker(server.url, command, {
    maxOutputBytes: 10_000_000,
    async perform({ id, output }) {
      await prepare(id);
      for (let count = 0; count < 30; count += 1) await output('stdout', Buffer.alloc(100_000, 'x'));
      return createOutcome('succeeded', { result: {} });
    },
  });

const never = new AbortController().signal;

describe('the output of a job', () => {
  it('is complete if only the outcome is cut', async () => {
    const { id, jobs, outcome } = await runWithOutput();
    expect(outcome?.output).toMatchObject({ truncated: true, incomplete: false });
    const events = await Array.fromAsync(jobs.output(id, 0, never));
    expect(events.reduce((sum, { chunk }) => sum + (chunk?.bytes.length ?? 0), 0)).toBe(3_000_000);
    expect(events.at(-1)?.outcome?.output).toMatchObject({ incomplete: false });
  });

  it('is incomplete if Redis does not take it', async () => {
    const { outcome } = await runWithOutput(id => server.sendCommand('SET', keys.output(id), 'not a stream'));
    expect(outcome?.output).toMatchObject({ truncated: true, incomplete: true });
  });

  it('is incomplete if it is deleted for OUTPUT_SPACE while it is read', async () => {
    const { id, jobs, redis } = await runWithOutput();
    const events = jobs.output(id, 0, never);
    expect(await events.next()).toMatchObject({ value: { number: 1 } });
    const otherId = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
    await enforceOutputQuota(redis, otherId, 2000, { resultTtlSeconds: 60, outputSpaceBytes: 1000 });
    expect((await Array.fromAsync(events)).at(-1)?.outcome?.output).toMatchObject({ incomplete: true });
  });
});
