import { randomUUID } from 'node:crypto';
import { type RedisClient, runScript } from '@podman-api/redis';
import { every } from '@podman-api/runtime';
import { additionsOf, type CountedJob, measure } from './counted-job.ts';
import { keys } from './keys.ts';

/** Counts the jobs that this process has ended, for the fleet's counters in Redis. */
export interface JobCounter {
  /** Counts an ended job; the same object counts once, however often it is passed. */
  count(ended: CountedJob): void;
  /** Sends what has been counted; counts that cannot be sent now are kept. */
  flush(): Promise<void>;
}

/** What has been counted since the previous batch. */
export interface Batch {
  /** One more than that of the previous batch. */
  readonly number: number;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Creates a counter.
 * @param operations the known operations; jobs of others count as `other`, so that nobody can make up counters
 * @param send resolves when Redis has added a batch; one that fails is sent again as it is, before the next
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
    count(ended) {
      if (seen.has(ended)) return;
      seen.add(ended);
      for (const [field, count] of additionsOf(measure(ended, operations))) counts.set(field, (counts.get(field) ?? 0) + count);
    },
    flush() {
      lastFlush = lastFlush.catch(() => {}).then(sendAll);
      return lastFlush;
    },
  };
}

/** Adds a batch in one step, once: ioredis sends a command again whose answer was lost. */
const script = `
if redis.call('GET', KEYS[2]) == ARGV[1] then return '' end
for at = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
return ''`;

/** A process that is killed loses the counts of this time at most. */
const flushIntervalMs = 1000;
/** How long Redis remembers the last batch of a process: longer than any outage. */
const batchTtlSeconds = 86_400;

/** A counter that sends its counts every second. */
export interface FleetJobCounter extends JobCounter {
  /** Sends the rest and stops. */
  stop(): Promise<void>;
}

/** Adds a batch to the fleet's counters; adding the last one again changes nothing. */
export async function addBatch(redis: RedisClient, sender: string, { number, counts }: Batch): Promise<void> {
  await runScript(redis, script, [keys.counters, keys.lastBatch(sender)], [number, batchTtlSeconds, ...[...counts].flat()]);
}

/** Creates a counter of this process's ended jobs that adds to the fleet's counters in Redis. */
export function countJobs(redis: RedisClient, operations: ReadonlySet<string>): FleetJobCounter {
  const sender = randomUUID();
  const counter = createJobCounter(operations, batch => addBatch(redis, sender, batch));
  const flushing = every(flushIntervalMs, counter.flush);
  return {
    ...counter,
    async stop() {
      flushing.stop();
      await counter.flush().catch(() => {});
    },
  };
}
