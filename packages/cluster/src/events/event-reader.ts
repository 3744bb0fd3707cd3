import { setTimeout as delay } from 'node:timers/promises';
import { type RedisClient, withRedisErrors } from '@podman-api/redis';
import { keys } from '../keys.ts';
import type { FleetEvent } from './fleet-event.ts';

/** Maximum number of entries per read, each at most a few KiB: this bounds the memory per reader. */
const pageLength = 100;
/** Longest time that Redis waits for an entry; shorter than the limit for a silent connection, see packages/redis/src/client.ts. */
const blockMs = 3000;
/** Pause after a failed read. */
const retryDelayMs = 500;
/** Longest delay of a Node.js timer: a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/** An event with its position, after which a reader can continue. */
export interface StoredEvent {
  /** Id of the entry in Redis's stream: `<ms since 1970>-<number>`. */
  readonly id: string;
  /** `undefined` for the first item, which only has the position from which the reader starts. */
  readonly event?: FleetEvent;
}

/** Start of a reader: after the event with an id, at a time in ms since 1970, or with the next event. */
export type EventPosition = { readonly afterId: string } | { readonly sinceMs: number } | 'next';

/** Position before the first entry of a stream. */
const beginning = '0-0';

/** Reads the events of the fleet. */
export interface EventReader {
  /**
   * Yields an item with the start position, then the stored events after it, then new events as they are added, as fast as the caller
   * consumes them. An event `gap` replaces those that are no longer stored.
   * @param untilMs time in ms since 1970 at which the wait for new events ends; those that are stored by then are still yielded
   * @throws ApiError (503) while Redis is unavailable
   */
  read(position: EventPosition, signal: AbortSignal, untilMs?: number): AsyncGenerator<StoredEvent>;
  /** Ends all readers. */
  stop(): void;
}

/**
 * Creates the reader of a process. However many callers there are, one connection waits for new entries, and only while there are
 * callers; each caller then reads its own pages.
 * @param redis a connection that fails fast
 * @param connect opens a connection whose commands wait for Redis
 */
export function createEventReader(redis: RedisClient, connect: () => RedisClient): EventReader {
  const listeners = new Set<() => void>();
  let waiting: RedisClient | undefined;
  let isStopped = false;

  const notify = () => {
    for (const listener of listeners) listener();
  };
  const waitForEntries = async (connection: RedisClient) => {
    let last: string | undefined;
    while (listeners.size > 0 && !isStopped) {
      try {
        if (last === undefined) {
          last = (await readLast(connection)) ?? beginning;
        } else {
          const answer = await connection.xread('COUNT', pageLength, 'BLOCK', blockMs, 'STREAMS', keys.events, last);
          last = answer?.[0]?.[1].at(-1)?.[0] ?? last;
        }
      } catch {
        last = undefined;
        await delay(retryDelayMs);
      }
      notify();
    }
    connection.disconnect();
    waiting = undefined;
    if (listeners.size > 0 && !isStopped) listen();
  };
  const listen = () => {
    if (waiting) return;
    waiting = connect();
    void waitForEntries(waiting);
  };

  return {
    async *read(position, signal, untilMs = Number.POSITIVE_INFINITY) {
      let wake = Promise.withResolvers<void>();
      const onEntry = () => wake.resolve();
      listeners.add(onEntry);
      signal.addEventListener('abort', onEntry, { once: true });
      try {
        listen();
        let { last, hasGap } = await findStart(redis, position);
        yield { id: last };
        while (!signal.aborted && !isStopped) {
          wake = Promise.withResolvers();
          if (hasGap) yield { id: last, event: createTrimmedGap() };
          // Read before the page: if the page is empty, all entries up to this time were yielded.
          const remainingMs = untilMs - Date.now();
          const events = await readPage(redis, last);
          yield* events;
          if (events.length === 0) {
            if (remainingMs <= 0) return;
            const timer = setTimeout(onEntry, Math.min(remainingMs, maxDelayMs));
            await wake.promise;
            clearTimeout(timer);
          }
          ({ last, hasGap } = await continueAfter(redis, events.at(-1)?.id ?? last));
        }
      } finally {
        listeners.delete(onEntry);
        signal.removeEventListener('abort', onEntry);
      }
    },
    stop() {
      isStopped = true;
      waiting?.disconnect();
      notify();
    },
  };
}

/** Position from which a reader continues, and whether entries before it are missing. */
interface Continuation {
  readonly last: string;
  readonly hasGap: boolean;
}

async function findStart(redis: RedisClient, position: EventPosition): Promise<Continuation> {
  if (position === 'next') return { last: (await withRedisErrors(readLast(redis))) ?? beginning, hasGap: false };
  if ('afterId' in position) return continueAfter(redis, position.afterId);
  const before = await withRedisErrors(readLast(redis, `${position.sinceMs}-0`));
  return { last: before ?? beginning, hasGap: before === undefined && (await withRedisErrors(readLast(redis))) !== undefined };
}

/**
 * Continues after the entry with an id. If it is no longer stored, because it was removed with others or Redis has lost its latest writes,
 * entries are missing, and the reader continues after the newest entry before it.
 */
async function continueAfter(redis: RedisClient, id: string): Promise<Continuation> {
  if (id === beginning) return { last: id, hasGap: false };
  const last = (await withRedisErrors(readLast(redis, id))) ?? beginning;
  return { last, hasGap: last !== id };
}

/** Returns the id of the newest entry up to a position; `undefined` if there is none. */
async function readLast(redis: RedisClient, position = '+'): Promise<string | undefined> {
  return (await redis.xrevrange(keys.events, position, '-', 'COUNT', 1))[0]?.[0];
}

async function readPage(redis: RedisClient, after: string): Promise<StoredEvent[]> {
  const entries = await withRedisErrors(redis.xrange(keys.events, `(${after}`, '+', 'COUNT', pageLength));
  return entries.flatMap(([id, [, text]]) => (text === undefined ? [] : [{ id, event: parse(text) }]));
}

function parse(text: string): FleetEvent {
  return JSON.parse(text);
}

function createTrimmedGap(): FleetEvent {
  return { type: 'gap', reason: 'trimmed', node: null, time: new Date().toISOString() };
}
