import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { classifyError } from '../error-patterns/classify-error.ts';
import { followStreams } from '../process/follow.ts';
import type { PodmanHost } from '../process/spawn.ts';
import type { BatchSink, FollowEnd, FollowQuery } from './follow-file.ts';
import { splitRecords } from './podman-records.ts';

/** Time for podman to print the rest of a log after the container has ended. */
const restTimeoutMs = 3000;
/** A longer line is passed on in pieces. */
const maxLineBytes = 1024 * 1024;
/** Maximum size of podman's own messages that is kept. */
const maxMessageLength = 4096;
const newline = 0x0a;

/**
 * Follows a log by `podman logs --follow`, for log drivers without a file and podman on another machine; without `--follow` if the
 * container has ended already. Podman has to wait while `onBatch` is busy.
 * @throws ApiError with podman's error message, the reason of the signal, and what `onBatch` throws
 */
export async function followByPodman(
  host: PodmanHost,
  container: string,
  { tail, since }: FollowQuery,
  onBatch: BatchSink,
  { ended, signal }: FollowEnd,
): Promise<void> {
  const from = [...(tail === 'all' ? [] : [`--tail=${tail}`]), ...(since === undefined ? [] : [`--since=${formatSeconds(since)}`])];
  const hasEnded = ended.aborted;
  const args = ['logs', ...(hasEnded ? [] : ['--follow']), '--timestamps', ...from, '--', container];
  const stop = new AbortController();
  const stopLater = () =>
    void delay(restTimeoutMs, undefined, { signal: stop.signal }).then(
      () => stop.abort(),
      () => {},
    );
  const stopNow = () => stop.abort();
  if (!hasEnded) ended.addEventListener('abort', stopLater, { once: true });
  signal.addEventListener('abort', stopNow, { once: true });
  if (signal.aborted) stopNow();
  // Both streams are read at once, and batches are taken one after the other.
  const oneAtATime = pLimit(1);
  let message = '';
  const readStream = async (stream: 'stdout' | 'stderr', output: AsyncIterable<Buffer>) => {
    for await (const lines of splitIntoLines(output)) {
      const records = lines.flatMap(line => {
        const own = splitRecords(line);
        if (own.length === 0) message = (message + line.toString()).slice(-maxMessageLength);
        return own.map(record => ({ ...record, stream }));
      });
      if (records.length > 0) await oneAtATime(() => onBatch({ records, hasGap: false }));
    }
  };
  let reading: Promise<unknown> = Promise.resolve();
  try {
    const exitCode = await followStreams(
      host,
      args,
      ({ stdout, stderr }) => {
        reading = Promise.all([readStream('stdout', stdout), readStream('stderr', stderr)]);
        // Without this, podman would wait for a reader that no longer reads.
        reading.catch(stopNow);
      },
      stop.signal,
    );
    await reading;
    signal.throwIfAborted();
    if (exitCode !== undefined && exitCode !== 0 && (hasEnded || !ended.aborted)) throw classifyError(message, args);
  } finally {
    stop.abort();
    ended.removeEventListener('abort', stopLater);
    signal.removeEventListener('abort', stopNow);
  }
}

/** Yields the lines of each chunk with their newlines, and at the end a last one without. */
async function* splitIntoLines(stream: AsyncIterable<Buffer>): AsyncGenerator<readonly Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let index = bytes.indexOf(newline); index >= 0; index = bytes.indexOf(newline, start)) {
      lines.push(bytes.subarray(start, index + 1));
      start = index + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > maxLineBytes) {
      lines.push(rest);
      rest = Buffer.alloc(0);
    }
    yield lines;
  }
  if (rest.length > 0) yield [rest];
}

/** Formats nanoseconds since 1970 as seconds with nine decimals, which podman's `--since` and `--until` take. */
export function formatSeconds(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}`;
}
