import { ended, type Outcome } from '../job.ts';
import { keys } from '../names.ts';
import { readMessage } from '../record/end.ts';
import { type JobRecord, outcomeIn, readRecord } from '../record/record.ts';
import type { RedisClient } from '../redis.ts';
import type { Seal } from '../seal.ts';

/** How often the records of the jobs that are waited for are read, for what pub/sub lost, in ms. */
const pollEvery = 1000;
/** Redis has lost a job whose record is missing in this many readings in a row. */
const maxMisses = 3;

/** Waits for jobs: one channel for all of an API process, and a slow poll for what that lost. */
export interface Waiter {
  /** The channel on which this process hears of jobs. */
  readonly channel: string;
  /** The ids of the jobs whose end is waited for. */
  readonly waiting: ReadonlySet<string>;
  /**
   * Waits for a job to end; call it before the job is added, so that no outcome comes too early.
   * @param signal ends the wait, which then gives nothing
   */
  wait(id: string, signal: AbortSignal): Promise<Outcome | undefined>;
  /** Marks a job as added: from now on a missing record means that Redis has lost it. */
  noteAdded(id: string): void;
  /** Reads a job's record now; it may have ended before the wait began. */
  refresh(id: string): void;
  /** Ends the waits for a job without an outcome. */
  forget(id: string): void;
  /** Resolves at the next word of a job, of its output or its end, and after a second at the latest. */
  word(id: string): Promise<void>;
  stop(): void;
}

/** What a waiter works with. */
export interface WaiterParts {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  /** A connection of its own, which Redis wants for subscribing. */
  readonly subscriber: RedisClient;
  readonly seal: Seal;
  readonly apiProcess: string;
  /** Is shown each record that is read of a job that has not ended. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

export function createWaiter({ redis, subscriber, seal, apiProcess, onRecord }: WaiterParts): Waiter {
  const channel = keys.outcomes(apiProcess);
  const waits = new Map<string, Set<(outcome: Outcome | undefined) => void>>();
  const words = new Map<string, Set<() => void>>();
  /** Readings in a row without a record, of the jobs that were added. Adding may take seconds on a busy host. */
  const misses = new Map<string, number>();

  const settle = (id: string, outcome: Outcome | undefined) => {
    for (const resolve of waits.get(id) ?? []) resolve(outcome);
    waits.delete(id);
    misses.delete(id);
    tell(id);
  };
  const tell = (id: string) => {
    for (const resolve of words.get(id) ?? []) resolve();
    words.delete(id);
  };
  const noteAdded = (id: string) => {
    if (waits.has(id)) misses.set(id, 0);
  };
  const missed = (id: string) => {
    const before = misses.get(id);
    if (before === undefined) return;
    const count = before + 1;
    misses.set(id, count);
    if (count >= maxMisses) settle(id, ended('unknown', { error: lost }));
  };
  const look = (id: string) => {
    readRecord(redis, id).then(
      record => {
        if (!record) return missed(id);
        noteAdded(id);
        const outcome = outcomeIn(record, seal, id);
        if (outcome) settle(id, outcome);
        else onRecord(id, record);
      },
      () => {},
    );
  };

  // A Cluster may have no server to subscribe at for a moment.
  let unheard = false;
  const subscribe = () => {
    unheard = false;
    subscriber.subscribe(channel).catch(() => {
      unheard = true;
    });
  };
  subscribe();
  subscriber.on('message', (_channel, message) => {
    try {
      const { id, outcome } = readMessage(message, seal);
      if (outcome) settle(id, outcome);
      else tell(id);
    } catch {
      // Nobody of ours has sent this; the poll finds out what is true.
    }
  });
  const poll = setInterval(() => {
    if (unheard) subscribe();
    for (const id of waits.keys()) look(id);
    for (const id of [...words.keys()]) tell(id);
  }, pollEvery);

  return {
    channel,
    get waiting() {
      return new Set(waits.keys());
    },
    wait(id, signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      return new Promise(resolve => {
        const mine = (outcome: Outcome | undefined) => {
          signal.removeEventListener('abort', over);
          resolve(outcome);
        };
        const over = () => {
          remove(waits, id, mine);
          if (!waits.has(id)) misses.delete(id);
          mine(undefined);
        };
        signal.addEventListener('abort', over, { once: true });
        add(waits, id, mine);
      });
    },
    noteAdded,
    refresh: look,
    forget: id => settle(id, undefined),
    word(id) {
      return new Promise(resolve => add(words, id, resolve));
    },
    stop() {
      clearInterval(poll);
    },
  };
}

const lost = {
  message: 'The outcome is unknown: Redis has lost the job.',
  code: 500,
  type: 'PodmanAPIError',
} as const;

function add<Value>(map: Map<string, Set<Value>>, id: string, value: Value): void {
  const values = map.get(id) ?? new Set();
  map.set(id, values.add(value));
}

function remove<Value>(map: Map<string, Set<Value>>, id: string, value: Value): void {
  const values = map.get(id);
  values?.delete(value);
  if (values?.size === 0) map.delete(id);
}
