import { ApiError } from '@podman-api/errors';
import { type RedisClient, withRedisErrors } from '@podman-api/redis';
import type { OutputChunk } from '@podman-api/runtime';
import type { Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import { joinRecord } from '../record/create.ts';
import { unpackOutput } from '../record/pack.ts';
import { type JobRecord, outcomeOf, readRecord } from '../record/record.ts';
import type { Seal } from '../seal.ts';

/** Maximum number of entries per read, each at most 64 KiB: this bounds the memory per reader. */
const pageLength = 16;

/** A numbered chunk of a job's output, or its outcome as the last event. */
export type OutputEvent =
  | { readonly number: number; readonly chunk: OutputChunk; readonly outcome?: never }
  | { readonly number: number; readonly chunk?: never; readonly outcome: Outcome };

/** Dependencies for reading output. */
export interface OutputReaderParts {
  readonly redis: RedisClient;
  readonly seal: Seal;
  readonly waiter: { readonly outcomeChannel: string; nextMessage(id: string): Promise<void> };
  /** Called with each record read for a job that has not ended. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

/**
 * Streams the output of a running or ended job, then its outcome. Reads only as fast as the caller consumes. Chunks are
 * numbered from 1.
 * @param afterNumber number of the last chunk to skip; 0 reads from the start
 * @param signal ends the stream without an outcome
 * @throws ApiError (404) if there is no such job
 */
export async function* readOutput(
  parts: OutputReaderParts,
  id: string,
  afterNumber: number,
  signal: AbortSignal,
): AsyncGenerator<OutputEvent> {
  const { redis, seal, waiter, onRecord } = parts;
  let last = afterNumber;
  await withRedisErrors(joinRecord(redis, id, 'output_channels', waiter.outcomeChannel));
  while (!signal.aborted) {
    const nextMessage = waiter.nextMessage(id);
    // The record is read before the output: if it has an outcome, all output is stored.
    const record = await withRedisErrors(readRecord(redis, id));
    if (!record) throw new ApiError('NotFoundError', `There is no job ${id}: the id is wrong, or the job has expired.`);
    for (let page = await readPage(parts, id, last); page.length > 0; page = await readPage(parts, id, last)) {
      for (const event of page) yield event;
      last = page.at(-1)?.number ?? last;
    }
    const outcome = outcomeOf(record, seal, id);
    if (outcome) {
      const { output } = outcome;
      for (const [index, chunk] of output?.chunks.entries() ?? []) {
        if (index < last) continue;
        last = index + 1;
        yield { number: last, chunk };
      }
      // Entries may have been deleted for OUTPUT_SPACE while they were read.
      const current = output?.truncated ? { ...outcome, output: { ...output, incomplete: await isIncomplete(parts, id) } } : outcome;
      yield { number: last + 1, outcome: current };
      return;
    }
    onRecord(id, record);
    // Resolves within a second, so an aborted signal is noticed in that time.
    await nextMessage;
  }
}

/** Whether output of an ended job is missing now. */
async function isIncomplete({ redis, seal }: OutputReaderParts, id: string): Promise<boolean> {
  const record = await withRedisErrors(readRecord(redis, id));
  return record === undefined || (outcomeOf(record, seal, id)?.output?.incomplete ?? true);
}

async function readPage(
  { redis, seal }: OutputReaderParts,
  id: string,
  afterNumber: number,
): Promise<{ number: number; chunk: OutputChunk }[]> {
  const entries = await withRedisErrors(redis.xrangeBuffer(keys.output(id), `(${afterNumber}-0`, '+', 'COUNT', pageLength));
  return entries.flatMap(([name, [, packed]]) => {
    const [chunk] = packed ? unpackOutput(packed, seal, id) : [];
    return chunk ? [{ number: Number.parseInt(String(name), 10), chunk }] : [];
  });
}
