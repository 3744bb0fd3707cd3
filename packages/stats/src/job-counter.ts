import { randomUUID } from 'node:crypto';
import { type RedisClient, runScript } from '@podman-api/redis';
import { runPeriodically } from '@podman-api/runtime';
import { type CountedJob, measureJob, toIncrements } from './counted-job.ts';
import { keys } from './keys.ts';

/** Counts the jobs that this process finished, for the fleet's counters in Redis. */
export interface JobCounter {
  /** Counts a finished job. Idempotent for the same object. */
  count(finished: CountedJob): void;
  /** Sends the counts. Counts that could not be sent are kept. */
  flush(): Promise<void>;
}

/** Counts since the previous batch. */
export interface Batch {
  /** Sequence number, from 1. */
  readonly number: number;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Creates a counter.
 * @param operations the known operations; jobs of others count as `other`, which bounds the number of counters
 * @param send resolves when Redis has added a batch; a failed batch is sent again unchanged, before the next
 */
export function createJobCounter(operations: ReadonlySet<string>, send: (batch: Batch) => Promise<void>): JobCounter {
  const seen = new WeakSet<CountedJob>();
  let counts = new Map<string, number>();
  let unsent: Batch | undefined;
  let number = 0;
  const takeBatch = (): Batch | undefined => {
    if (counts.size === 0) return undefined;
    number += 1;
    const batch = { number, counts };
    counts = new Map();
    return batch;
  };
  const sendAll = async () => {
    for (;;) {
      unsent ??= takeBatch();
      if (!unsent) return;
      await send(unsent);
      unsent = undefined;
    }
  };
  let lastFlush: Promise<void> = Promise.resolve();
  return {
    count(finished) {
      if (seen.has(finished)) return;
      seen.add(finished);
      for (const [field, count] of toIncrements(measureJob(finished, operations))) counts.set(field, (counts.get(field) ?? 0) + count);
    },
    flush() {
      lastFlush = lastFlush.catch(() => {}).then(sendAll);
      return lastFlush;
    },
  };
}

/** Adds a batch atomically and once, because ioredis repeats a command whose reply was lost. */
const addBatchScript = `
local counters, lastBatch = unpack(KEYS)
local batch, ttl = unpack(ARGV)
if redis.call('GET', lastBatch) == batch then return '' end
for at = 3, #ARGV, 2 do redis.call('HINCRBY', counters, ARGV[at], ARGV[at + 1]) end
redis.call('SET', lastBatch, batch, 'EX', ttl)
return ''`;

/** Interval of sending counts. A killed process loses at most the counts of one interval. */
const flushIntervalMs = 1000;
/** Time for which Redis keeps the number of a process's last batch; longer than any expected outage. */
const batchTtlSeconds = 86_400;

/** Job counter that sends its counts every second. */
export interface FleetJobCounter extends JobCounter {
  /** Sends the remaining counts and stops. */
  stop(): Promise<void>;
}

/** Adds a batch to the fleet's counters. Idempotent for the last batch of a sender. */
export async function addBatch(redis: RedisClient, sender: string, { number, counts }: Batch): Promise<void> {
  await runScript(redis, addBatchScript, [keys.counters, keys.lastBatch(sender)], [number, batchTtlSeconds, ...[...counts].flat()]);
}

/** Creates a counter of the jobs that this process finishes, which adds to the fleet's counters in Redis. */
export function createFleetJobCounter(redis: RedisClient, operations: ReadonlySet<string>): FleetJobCounter {
  const sender = randomUUID();
  const counter = createJobCounter(operations, batch => addBatch(redis, sender, batch));
  const flushTask = runPeriodically(flushIntervalMs, counter.flush);
  return {
    ...counter,
    async stop() {
      flushTask.stop();
      await counter.flush().catch(() => {});
    },
  };
}
