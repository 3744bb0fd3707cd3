import { randomUUID } from 'node:crypto';
import { keys } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';
import { every } from '../worker/every.ts';
import { additionsOf, type Ended } from './ended.ts';

/** Counts the jobs that this process has ended, for the fleet's tally in Redis. */
export interface Tally {
  /** Counts an end; the same one counts once, however often it is told. */
  count(ended: Ended): void;
  /** Sends what has been counted; what can't be sent now is kept. */
  flush(): Promise<void>;
}

/** What has been counted since the last one. */
export interface Batch {
  /** One more than the last one's. */
  readonly number: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** @param send resolves when a batch has been added; one that fails is sent again as it is, before the next */
export function createTally(send: (batch: Batch) => Promise<void>): Tally {
  const seen = new WeakSet<Ended>();
  let counts = new Map<string, number>();
  let unsent: Batch | undefined;
  let number = 0;
  const take = (): Batch | undefined => {
    if (counts.size === 0) return undefined;
    number += 1;
    const batch = { number, counts };
    counts = new Map();
    return batch;
  };
  const sendAll = async () => {
    for (;;) {
      unsent ??= take();
      if (!unsent) return;
      await send(unsent);
      unsent = undefined;
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    count(ended) {
      if (seen.has(ended)) return;
      seen.add(ended);
      for (const [field, count] of additionsOf(ended)) counts.set(field, (counts.get(field) ?? 0) + count);
    },
    flush() {
      last = last.catch(() => {}).then(sendAll);
      return last;
    },
  };
}

/** One step, for a client whose answer was lost sends it again. */
const script = `
if redis.call('GET', KEYS[2]) == ARGV[1] then return '' end
for at = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
return ''`;

/** How often what was counted is sent, in ms: a process that is killed loses no more than that. */
const flushEvery = 1000;
/** How long Redis knows which batch of a process was its last, in seconds: longer than any outage. */
const remembered = 86_400;

/** A tally that sends itself. */
export interface OpenTally extends Tally {
  /** Sends the rest. */
  stop(): Promise<void>;
}

/** Adds a batch to the fleet's tally; doing so again is no different from once. */
export async function addBatch(redis: RedisClient, sender: string, { number, counts }: Batch): Promise<void> {
  await runScript(redis, script, [keys.tally, keys.tallied(sender)], [number, remembered, ...[...counts].flat()]);
}

export function openTally(redis: RedisClient): OpenTally {
  const sender = randomUUID();
  const tally = createTally(batch => addBatch(redis, sender, batch));
  const stop = every(flushEvery, tally.flush);
  return {
    ...tally,
    async stop() {
      stop();
      await tally.flush().catch(() => {});
    },
  };
}
