import { sleep } from '../sleep.ts';
import { formatSince, type LogRecord, parseLog, parseNanoseconds } from './parse-log.ts';

/** Delay between two reads of a log. */
const pollIntervalMs = 500;

/** Query of one read. */
export interface LogQuery {
  readonly tail: string;
  readonly timestamps: true;
  readonly since?: string | undefined;
}

/** A container whose log is followed. */
export interface LogSource {
  /** Reads the log. If it is longer than a response can be, its last lines are missing and `truncated` is true. */
  read(query: LogQuery): Promise<{ readonly logs: string; readonly truncated: boolean }>;
  /** Returns whether the container may still write. */
  isRunning(): Promise<boolean>;
}

/**
 * Yields the records of a log until the container has exited. Several records may have one timestamp, so each read starts a
 * nanosecond before the timestamp of the last record and skips records that were already yielded.
 * @param tail number of existing lines to start with, or `all`
 * @throws the reason of the signal, and errors of the source
 */
export async function* followLog(
  source: LogSource,
  { tail, since }: { readonly tail: number | 'all'; readonly since?: string | undefined },
  signal?: AbortSignal,
): AsyncGenerator<LogRecord> {
  // With a tail of 0, the last line is read for its timestamp but not yielded.
  let query: LogQuery = { tail: String(tail === 0 ? 1 : tail), since, timestamps: true };
  let isSkipped = tail === 0;
  let position: LogPosition = { nanoseconds: 0n, count: 0 };
  for (;;) {
    const isRunning = await source.isRunning();
    const { logs, truncated } = await source.read(query);
    const records = parseLog(logs);
    // The last record of a truncated log may be incomplete; the next read has all of it.
    const newRecords = selectNewRecords(truncated ? records.slice(0, -1) : records, position);
    if (!isSkipped) yield* newRecords;
    isSkipped = false;
    position = advance(position, newRecords);
    query = { tail: 'all', timestamps: true, since: position.count > 0 ? formatSince(position.nanoseconds - 1n) : since };
    if (truncated) continue;
    if (!isRunning) return;
    await sleep(pollIntervalMs, signal);
  }
}

/** Position of the last record that was read. */
interface LogPosition {
  /** Timestamp of the last record, since 1970. */
  readonly nanoseconds: bigint;
  /** Number of records with that timestamp that were read. */
  readonly count: number;
}

function selectNewRecords(records: readonly LogRecord[], { nanoseconds, count }: LogPosition): LogRecord[] {
  let remaining = count;
  return records.filter(({ timestamp }) => {
    const time = parseNanoseconds(timestamp);
    if (time !== nanoseconds) return time > nanoseconds;
    remaining -= 1;
    return remaining < 0;
  });
}

function advance(position: LogPosition, records: readonly LogRecord[]): LogPosition {
  const last = records.at(-1);
  if (!last) return position;
  const nanoseconds = parseNanoseconds(last.timestamp);
  const count = records.filter(({ timestamp }) => parseNanoseconds(timestamp) === nanoseconds).length;
  return { nanoseconds, count: nanoseconds === position.nanoseconds ? position.count + count : count };
}
