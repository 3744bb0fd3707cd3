import { join } from 'node:path';
import { findTask } from '@podman-api/operations';
import { readConfig, type Span, type Tracing } from '@podman-api/runtime';
import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createQueueClient } from '../src/client/client.ts';
import { ended } from '../src/job.ts';
import { consume } from '../src/worker/consume.ts';
import { createWorkerReport } from './worker-report.ts';

const secretKeys = ['a key of this test, long enough'] as const;
const limits = { resultTtl: 60, maxQueue: 10, maxQueueBytes: 1_000_000, outputSpace: 1_000_000 };

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** Notes the ends of spans. */
function createTracing(events: string[]): Tracing {
  const start = (name: string): Span => ({
    context: undefined,
    within: run => run(),
    rename() {},
    set() {},
    fail() {},
    end: () => void events.push(`end of ${name}`),
  });
  return { on: true, inside: false, start, stop: async () => {} };
}

describe('the span of a job', () => {
  it('ends before anybody is told the outcome', async () => {
    const { REDIS_URL: redisAddress } = readConfig({ REDIS_URL: server.url }, ['REDIS_URL']);
    const events: string[] = [];
    const consumer = consume({
      redisAddress,
      secretKeys,
      ...limits,
      node: 'a',
      concurrency: { commands: 1, reads: 1 },
      maxOutput: 1000,
      ledgerFolder: join(server.folder, 'begun'),
      report: createWorkerReport,
      perform: async () => ended('succeeded', { result: {} }),
      recover: async () => undefined,
      onEnd: () => void events.push('outcome'),
      onForged: () => {},
      tracing: createTracing(events),
    });
    onTestFinished(() => consumer.close());
    const client = createQueueClient({ redisAddress, secretKeys, ...limits, onEnd: () => {}, onWarning: () => {} });
    onTestFinished(() => client.close());
    await until(() => client.fleet.takes('a'));
    const task = findTask('container.list');
    if (task === undefined) throw new Error('there is no such task');
    const request = { node: 'a', request_id: 'one', token: null, detached: false };
    const { ended: outcome } = await client.submit(task, {}, request, new AbortController().signal);
    expect(await outcome).toMatchObject({ status: 'succeeded' });
    expect(events.slice(0, 2)).toEqual(['end of process podman-a_reads', 'outcome']);
  });
});
