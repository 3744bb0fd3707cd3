import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTask } from '@podman-api/operations';
import { readConfig } from '@podman-api/runtime';
import { startRedis, until } from '@podman-api/testing';
import { expect, it, onTestFinished } from 'vitest';
import { createQueueClient } from '../src/client/client.ts';
import { ended } from '../src/job.ts';
import { type ConsumerOptions, consume } from '../src/worker/consume.ts';
import { createWorkerReport } from './worker-report.ts';

const secretKeys = ['a key of this test, long enough'] as const;
const limits = { resultTtl: 60, maxQueue: 10, maxQueueBytes: 1_000_000, outputSpace: 1_000_000 };

/** Starts a worker and submits a job to it; returns how the job ended. */
async function runOn(operation: string, input: object, options: Pick<ConsumerOptions, 'ledgerFolder' | 'perform'>): Promise<unknown> {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const { REDIS_URL: redisAddress } = readConfig({ REDIS_URL: server.url }, ['REDIS_URL']);
  const consumer = consume({
    redisAddress,
    secretKeys,
    ...limits,
    node: 'a',
    concurrency: { commands: 1, reads: 1 },
    maxOutput: 1000,
    report: createWorkerReport,
    recover: async () => undefined,
    onEnd: () => {},
    onForged: () => {},
    ...options,
  });
  onTestFinished(() => consumer.close());
  const client = createQueueClient({ redisAddress, secretKeys, ...limits, onEnd: () => {}, onWarning: () => {} });
  onTestFinished(() => client.close());
  await until(() => client.fleet.takes('a'));
  const task = findTask(operation);
  if (task === undefined) throw new Error(`there is no task ${operation}`);
  const request = { node: 'a', request_id: 'one', token: null, detached: false };
  return (await client.submit(task, input, request, new AbortController().signal)).ended;
}

// No folder can be made below a device, as on a file system without free inodes.
const ledgerFolder = '/dev/null/begun';

it('a worker that cannot write to its STATE_DIR does not run a command and says so', async () => {
  const performed: string[] = [];
  const outcome = await runOn(
    'container.remove',
    { name: 'web', force: true },
    {
      ledgerFolder,
      perform: async ({ id }) => {
        performed.push(id);
        return ended('succeeded', { result: {} });
      },
    },
  );
  expect(outcome).toMatchObject({
    status: 'failed',
    error: { type: 'ServiceUnavailableError', message: expect.stringMatching(/STATE_DIR \(ENOTDIR\), so the job was not run/) },
  });
  expect(performed).toEqual([]);
});

it('a worker that cannot write to its STATE_DIR still runs reads', async () => {
  const perform = async () => ended('succeeded', { result: [] });
  expect(await runOn('container.list', {}, { ledgerFolder, perform })).toMatchObject({ status: 'succeeded' });
});

it('a job whose worker throws unexpectedly ends as unknown', async () => {
  const perform = async () => {
    throw new Error('a defect');
  };
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outcome = await runOn('container.remove', { name: 'web', force: true }, { ledgerFolder: folder, perform });
  expect(outcome).toMatchObject({ status: 'unknown' });
});
