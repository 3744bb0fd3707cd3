import { setTimeout as delay } from 'node:timers/promises';
import { type LogRecord, nanoseconds, recordsOf, sinceText } from './records.ts';

/** The pause between two looks at a log, in ms. */
const pause = 500;

/** What is asked of the API. */
export interface LogQuery {
  readonly tail: string;
  readonly timestamps: true;
  readonly since?: string | undefined;
}

/** How a log is read. */
export interface LogSource {
  /** Reads the log; the text may be cut at its end, and then says so. */
  read(query: LogQuery): Promise<{ readonly logs: string; readonly truncated: boolean }>;
  /** Whether the container may yet write. */
  isRunning(): Promise<boolean>;
}

/**
 * Follows a log until its container has ended. Each look begins a nanosecond before the last record's time and leaves
 * out those of that time that it has had, for records that were written together have one time.
 * @param tail so many of the lines that are there already, or all
 */
export async function* followLog(
  source: LogSource,
  { tail, since }: { readonly tail: number | 'all'; readonly since?: string | undefined },
  signal?: AbortSignal,
): AsyncGenerator<LogRecord> {
  // Of none the time of the last is wanted all the same.
  let query: LogQuery = { tail: String(tail === 0 ? 1 : tail), since, timestamps: true };
  let skipped = tail === 0;
  let seen: Seen = { time: 0n, count: 0 };
  for (;;) {
    const running = await source.isRunning();
    const { logs, truncated } = await source.read(query);
    const all = recordsOf(logs);
    // The last of a log that is cut is read again, and whole.
    const fresh = unseen(truncated ? all.slice(0, -1) : all, seen);
    if (!skipped) yield* fresh;
    skipped = false;
    seen = after(seen, fresh);
    query = { tail: 'all', timestamps: true, since: seen.count > 0 ? sinceText(seen.time - 1n) : since };
    if (truncated) continue;
    if (!running) return;
    await delay(pause, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** How far a log was read: the last record's time, and how many records of that time there were. */
interface Seen {
  readonly time: bigint;
  readonly count: number;
}

function unseen(records: readonly LogRecord[], { time, count }: Seen): LogRecord[] {
  let left = count;
  return records.filter(({ stamp }) => {
    const at = nanoseconds(stamp);
    if (at !== time) return at > time;
    left -= 1;
    return left < 0;
  });
}

function after(seen: Seen, records: readonly LogRecord[]): Seen {
  const last = records.at(-1);
  if (!last) return seen;
  const time = nanoseconds(last.stamp);
  const count = records.filter(({ stamp }) => nanoseconds(stamp) === time).length;
  return { time, count: time === seen.time ? seen.count + count : count };
}
