import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from '@podman-api/runtime';
import { findStart, type LogQuery } from './log-file.ts';
import { conmonFormat, parseTime, timeInUtc } from './log-format.ts';
import type { LogWatch } from './log-watches.ts';

/** Size of one read; a batch of records is at most as long. */
const blockBytes = 32 * 1024;
/** Time for which records are gathered, so that a chatty container does not cost a batch for each line. */
const gatherMs = 25;
const newline = 0x0a;
/** Offset from the end of a record's time to the fourth letter of the stream's name, which differs in ` stdout F` and ` stderr F`. */
const streamLetterOffset = 4;
const outLetter = 'o'.charCodeAt(0);

/** A record of a log: a line, or a part of one. */
export interface FollowedRecord {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339 in UTC. */
  readonly time: string;
  /** The same in nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** The text, with a newline if it ends a line. */
  readonly bytes: Buffer;
}

/** Records in the order of writing. */
export interface FollowedBatch {
  readonly records: readonly FollowedRecord[];
  /** Whether records before these may be missing, because the log file was replaced before they were read. */
  readonly hasGap: boolean;
}

/** Receives batches; the next one is read when the promise resolves. */
export type BatchSink = (batch: FollowedBatch) => Promise<void>;

/** Start of a follower of a log. */
export type FollowQuery = Pick<LogQuery, 'tail' | 'since'>;

/** Signals that end a follower. */
export interface FollowEnd {
  /** Aborted when the container has ended: the rest of the log is read, then the follower ends. */
  readonly ended: AbortSignal;
  /** Ends the follower at once. */
  readonly signal: AbortSignal;
}

/**
 * Follows a log file as conmon writes it. The file itself is the buffer of a slow reader, so memory is bounded by one batch.
 * @param file the opened file, which is closed at the end
 * @throws the reason of the signal, and what `onBatch` throws
 */
export async function followFile(
  { file: opened, path }: { readonly file: FileHandle; readonly path: string },
  query: FollowQuery,
  onBatch: BatchSink,
  { ended, signal }: FollowEnd,
  watch: LogWatch,
): Promise<void> {
  let file = opened;
  const wake = () => watch.wake();
  ended.addEventListener('abort', wake);
  signal.addEventListener('abort', wake);
  try {
    let offset = await findStart(file, conmonFormat, query);
    let replacements = 0;
    let hasGap = false;
    for (;;) {
      signal.throwIfAborted();
      // Both are read before the file, so that later data is found in the next round.
      const isLast = ended.aborted;
      let part = await readRecords(file, offset);
      if (part.length === 0) {
        const next = await openIfReplaced(file, path, offset);
        // The data from before the replacement of the file comes first.
        if (next) part = await readRecords(file, offset);
        if (next && part.length === 0) {
          hasGap = next.file === undefined || watch.replacements > replacements + 1;
          replacements = watch.replacements;
          offset = 0;
          if (next.file) {
            await file.close();
            file = next.file;
          }
          continue;
        }
        await next?.file?.close();
      }
      if (part.length > 0) {
        offset += part.length;
        if (part.records.length > 0 || hasGap) await onBatch({ records: part.records, hasGap });
        hasGap = false;
        continue;
      }
      if (isLast) return;
      await watch.nextChange();
      if (!signal.aborted) await delay(gatherMs);
    }
  } finally {
    ended.removeEventListener('abort', wake);
    signal.removeEventListener('abort', wake);
    await file.close();
  }
}

/** Reads the next complete records. @returns with the length of their part of the file; 0 if there is no complete record yet */
async function readRecords(file: FileHandle, offset: number): Promise<{ length: number; records: FollowedRecord[] }> {
  const block = Buffer.allocUnsafe(blockBytes);
  const { bytesRead } = await file.read(block, 0, blockBytes, offset);
  const bytes = block.subarray(0, bytesRead);
  const length = bytes.lastIndexOf(newline) + 1;
  // Conmon writes no line of more than 9 KiB, so this is not one of its lines.
  if (length === 0 && bytesRead === blockBytes) return { length: bytesRead, records: [] };
  const records: FollowedRecord[] = [];
  for (let start = 0; start < length; ) {
    const end = bytes.indexOf(newline, start);
    const record = conmonFormat.parse(bytes, start, end);
    const time = record && timeInUtc(bytes.toString('latin1', start, start + record.timeLength));
    const timeNs = time === undefined ? undefined : parseTime(time);
    if (record && time !== undefined && timeNs !== undefined) {
      const isOut = bytes[start + record.timeLength + streamLetterOffset] === outLetter;
      const text = bytes.subarray(start + record.textStart, record.endsLine ? end + 1 : end);
      records.push({ stream: isOut ? 'stdout' : 'stderr', time, timeNs, bytes: text });
    }
    start = end + 1;
  }
  return { length, records };
}

/**
 * Checks whether a file that was read to its end continues in another file.
 * @returns `undefined` if it does not; without `file` if the same file was truncated and begins again
 */
async function openIfReplaced(file: FileHandle, path: string, offset: number): Promise<{ readonly file?: FileHandle } | undefined> {
  const own = await file.stat();
  if (own.size < offset) return {};
  const current = await unlessMissing(stat(path));
  if (!current || current.ino === own.ino) return undefined;
  const next = await unlessMissing(open(path, 'r'));
  return next && { file: next };
}

async function unlessMissing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return promise.catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}
