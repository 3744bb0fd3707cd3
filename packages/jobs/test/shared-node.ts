import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@podman-api/testing';
import { onTestFinished } from 'vitest';
import { type Consumer, consume, createOutcome, type Outcome } from '../src/index.ts';
import type { Idempotency } from '../src/submit/idempotency.ts';
import { command, hooks, limits, secretKeys, type TestJobs, types } from './job-service.ts';

/** A job that a worker performs, until the test ends it. */
interface PerformedJob {
  readonly id: string;
  end(): void;
}

let nodes = 0;
/** Creates a node whose jobs run until the test ends them. */
export function createSharedNode(service: TestJobs) {
  nodes += 1;
  const node = `shared-${nodes}`;
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const tokens = new Map<string, string>();
  const performed: string[] = [];
  const running = new Map<string, PerformedJob>();
  const consumers: Consumer[] = [];
  onTestFinished(async () => {
    const drains = consumers.map(consumer => consumer.drain());
    for (const { end } of running.values()) end();
    await Promise.all(drains);
    for (const consumer of consumers) consumer.stop();
    rmSync(folder, { recursive: true });
  });
  const ofToken = (token: string) => [...running.values()].filter(({ id }) => tokens.get(id) === token);
  return {
    node,
    /** The ids of all performed jobs, in the order of their start. */
    performed,
    startWorker(slots: number): Consumer {
      const consumer = consume({
        redis: service.redis,
        subscriber: service.subscriber,
        secretKeys,
        types,
        hooks,
        ...limits,
        node,
        worker: `worker ${consumers.length} of ${node}`,
        concurrency: { commands: slots, reads: slots, waits: slots },
        maxOutputBytes: 1000,
        ledgerFolder: join(folder, 'begun'),
        recover: async () => undefined,
        onForged: () => {},
        perform: ({ id }) => {
          performed.push(id);
          return new Promise<Outcome>(resolve => {
            const end = () => {
              running.delete(id);
              resolve(createOutcome('succeeded', { result: {} }));
            };
            running.set(id, { id, end });
          });
        },
      });
      consumers.push(consumer);
      return consumer;
    },
    /** Submits jobs of a token, one after the other. @returns their ids */
    async submit(token: string | null, count: number, idempotency?: Idempotency): Promise<readonly string[]> {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const prepared = await service.jobs.prepareJob('commands', node, idempotency);
        tokens.set(prepared.id, token ?? '');
        const submission = { type: command, input: {}, request_id: 'one', token, isDetached: true };
        ids.push((await service.jobs.submit(prepared, submission, new AbortController().signal))?.id ?? '');
      }
      return ids;
    },
    /** The running jobs of a token, in the order in which they began. */
    ofToken,
    /** Waits until each of some tokens runs a given number of jobs. */
    awaitRunning: (counts: Readonly<Record<string, number>>) =>
      until(() => Object.entries(counts).every(([token, count]) => ofToken(token).length === count)),
    statusOf: async (id: string) => (await service.jobs.read(id))?.status,
    countWaiting: async () => (await service.jobs.countWaiting([node]))[0],
  };
}
