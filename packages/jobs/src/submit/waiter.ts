import type { RedisClient } from '@podman-api/redis';
import { createOutcome, type Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import { parseMessage } from '../record/end.ts';
import { type JobRecord, outcomeOf, readRecord } from '../record/record.ts';
import type { Seal } from '../seal.ts';

/** Interval of reading the records of awaited jobs, because pub/sub may lose messages. */
const pollIntervalMs = 1000;
/** Number of polls in a row without a record after which a job counts as lost by Redis. */
const maxMisses = 3;

/** Waits for jobs by one pub/sub channel per API process, and by a slow poll that covers lost messages. */
export interface Waiter {
  /** The channel on which this process receives messages about jobs. */
  readonly channel: string;
  /** The ids of the awaited jobs. */
  readonly waiting: ReadonlySet<string>;
  /**
   * Waits for a job to end; call it before the job is added, so that no message is missed.
   * @param signal ends the wait, which then resolves with `undefined`
   */
  wait(id: string, signal: AbortSignal): Promise<Outcome | undefined>;
  /** Marks a job as added: from now on a missing record means that Redis has lost it. */
  recordAdded(id: string): void;
  /** Reads a job's record now, because it may have ended before the wait began. */
  refresh(id: string): void;
  /** Ends the waits for a job without an outcome. */
  forget(id: string): void;
  /** Resolves at the next message about a job (new output or its outcome), at the latest after a second. */
  nextMessage(id: string): Promise<void>;
  stop(): void;
}

/** Dependencies of a waiter. */
export interface WaiterParts {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  /** A connection that only subscribes, which Redis requires. */
  readonly subscriber: RedisClient;
  readonly seal: Seal;
  readonly apiProcess: string;
  /** Called with each record read for a job that has not ended. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

export function createWaiter({ redis, subscriber, seal, apiProcess, onRecord }: WaiterParts): Waiter {
  const channel = keys.outcomes(apiProcess);
  const waits = new Map<string, Set<(outcome: Outcome | undefined) => void>>();
  const messageListeners = new Map<string, Set<() => void>>();
  /** Polls in a row without a record, by job id. Only jobs that were added are counted, because adding may take seconds. */
  const misses = new Map<string, number>();

  const settle = (id: string, outcome: Outcome | undefined) => {
    for (const resolve of waits.get(id) ?? []) resolve(outcome);
    waits.delete(id);
    misses.delete(id);
    notify(id);
  };
  const notify = (id: string) => {
    for (const resolve of messageListeners.get(id) ?? []) resolve();
    messageListeners.delete(id);
  };
  const recordAdded = (id: string) => {
    if (waits.has(id)) misses.set(id, 0);
  };
  const countMissing = (id: string) => {
    const before = misses.get(id);
    if (before === undefined) return;
    const count = before + 1;
    misses.set(id, count);
    if (count >= maxMisses) settle(id, createOutcome('unknown', { error: lostJob }));
  };
  const refresh = (id: string) => {
    readRecord(redis, id).then(
      record => {
        if (!record) return countMissing(id);
        recordAdded(id);
        const outcome = outcomeOf(record, seal, id);
        if (outcome) settle(id, outcome);
        else onRecord(id, record);
      },
      () => {},
    );
  };

  // Subscribing fails while a Redis Cluster has no available server; the poll tries again.
  let isUnsubscribed = false;
  const subscribe = () => {
    isUnsubscribed = false;
    subscriber.subscribe(channel).catch(() => {
      isUnsubscribed = true;
    });
  };
  subscribe();
  subscriber.on('message', (from, message) => {
    if (from !== channel) return;
    try {
      const { id, outcome } = parseMessage(message, seal);
      if (outcome) settle(id, outcome);
      else notify(id);
    } catch {
      // Not one of our messages; the poll reads the outcome.
    }
  });
  const poll = setInterval(() => {
    if (isUnsubscribed) subscribe();
    for (const id of waits.keys()) refresh(id);
    for (const id of [...messageListeners.keys()]) notify(id);
  }, pollIntervalMs);

  return {
    channel,
    get waiting() {
      return new Set(waits.keys());
    },
    wait(id, signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      return new Promise(resolve => {
        const listener = (outcome: Outcome | undefined) => {
          signal.removeEventListener('abort', abort);
          resolve(outcome);
        };
        const abort = () => {
          remove(waits, id, listener);
          if (!waits.has(id)) misses.delete(id);
          listener(undefined);
        };
        signal.addEventListener('abort', abort, { once: true });
        add(waits, id, listener);
      });
    },
    recordAdded,
    refresh,
    forget: id => settle(id, undefined),
    nextMessage(id) {
      return new Promise(resolve => add(messageListeners, id, resolve));
    },
    stop() {
      clearInterval(poll);
    },
  };
}

const lostJob = {
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
