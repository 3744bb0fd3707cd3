import type { RedisClient } from '@podman-api/redis';
import { endedNow, type Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import { parseMessage } from '../record/end.ts';
import { type JobRecord, outcomeOf, readRecord } from '../record/record.ts';
import type { Seal } from '../seal.ts';

/** Interval of reading the records of awaited jobs, because pub/sub may lose messages. */
const pollIntervalMs = 1000;
/** Redis has lost a job whose record is missing in this many readings in a row. */
const maxMisses = 3;

/** Waits for jobs: by one channel for all jobs of an API process, and by a slow poll for lost messages. */
export interface Waiter {
  /** The channel on which this process is told about jobs. */
  readonly channel: string;
  /** The ids of the awaited jobs. */
  readonly waiting: ReadonlySet<string>;
  /**
   * Waits for a job to end; call it before the job is added, so that no message is missed.
   * @param signal ends the wait, which then resolves with `undefined`
   */
  wait(id: string, signal: AbortSignal): Promise<Outcome | undefined>;
  /** Marks a job as added: from now on a missing record means that Redis has lost it. */
  noteAdded(id: string): void;
  /** Reads a job's record now, because it may have ended before the wait began. */
  refresh(id: string): void;
  /** Ends the waits for a job without an outcome. */
  forget(id: string): void;
  /** Resolves at the next message about a job, of output or its end, and after a second at the latest. */
  nextNews(id: string): Promise<void>;
  stop(): void;
}

/** What a waiter needs. */
export interface WaiterParts {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  /** A connection that only subscribes, which Redis requires. */
  readonly subscriber: RedisClient;
  readonly seal: Seal;
  readonly apiProcess: string;
  /** Called with each record that is read of a job that has not ended. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

export function createWaiter({ redis, subscriber, seal, apiProcess, onRecord }: WaiterParts): Waiter {
  const channel = keys.outcomes(apiProcess);
  const waits = new Map<string, Set<(outcome: Outcome | undefined) => void>>();
  const newsListeners = new Map<string, Set<() => void>>();
  /** Readings in a row without a record, by the ids of added jobs: adding may take seconds on a busy host. */
  const misses = new Map<string, number>();

  const settle = (id: string, outcome: Outcome | undefined) => {
    for (const resolve of waits.get(id) ?? []) resolve(outcome);
    waits.delete(id);
    misses.delete(id);
    notify(id);
  };
  const notify = (id: string) => {
    for (const resolve of newsListeners.get(id) ?? []) resolve();
    newsListeners.delete(id);
  };
  const noteAdded = (id: string) => {
    if (waits.has(id)) misses.set(id, 0);
  };
  const noteMissing = (id: string) => {
    const before = misses.get(id);
    if (before === undefined) return;
    const count = before + 1;
    misses.set(id, count);
    if (count >= maxMisses) settle(id, endedNow('unknown', { error: lostJob }));
  };
  const refresh = (id: string) => {
    readRecord(redis, id).then(
      record => {
        if (!record) return noteMissing(id);
        noteAdded(id);
        const outcome = outcomeOf(record, seal, id);
        if (outcome) settle(id, outcome);
        else onRecord(id, record);
      },
      () => {},
    );
  };

  // A Cluster may have no server to subscribe at for a moment.
  let isUnsubscribed = false;
  const subscribe = () => {
    isUnsubscribed = false;
    subscriber.subscribe(channel).catch(() => {
      isUnsubscribed = true;
    });
  };
  subscribe();
  subscriber.on('message', (_channel, message) => {
    try {
      const { id, outcome } = parseMessage(message, seal);
      if (outcome) settle(id, outcome);
      else notify(id);
    } catch {
      // Not a message of ours; the poll reads the outcome.
    }
  });
  const poll = setInterval(() => {
    if (isUnsubscribed) subscribe();
    for (const id of waits.keys()) refresh(id);
    for (const id of [...newsListeners.keys()]) notify(id);
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
    noteAdded,
    refresh,
    forget: id => settle(id, undefined),
    nextNews(id) {
      return new Promise(resolve => add(newsListeners, id, resolve));
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
