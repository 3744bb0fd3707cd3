import { ApiError } from '@podman-api/errors';
import { type RedisClient, withRedisErrors } from '@podman-api/redis';
import type { Chunk } from '@podman-api/runtime';
import type { Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import { joinRecord } from '../record/create.ts';
import { unpackOutput } from '../record/pack.ts';
import { type JobRecord, outcomeOf, readRecord } from '../record/record.ts';
import type { Seal } from '../seal.ts';

/** Entries read at once, of 64 KiB at most each: this bounds the memory that a slow reader costs. */
const pageLength = 16;

/** A piece of a job's output, or its end, which comes last. */
export type OutputEvent =
  | { readonly number: number; readonly chunk: Chunk; readonly outcome?: never }
  | { readonly number: number; readonly chunk?: never; readonly outcome: Outcome };

/** What reading an output needs. */
export interface OutputReaderParts {
  readonly redis: RedisClient;
  readonly seal: Seal;
  /** Tells of news about jobs. */
  readonly waiter: { readonly channel: string; nextNews(id: string): Promise<void> };
  /** Called with each record that is read of a job that has not ended. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

/**
 * Reads a job's output while it runs and after; it reads no more than is consumed. Pieces are numbered from 1.
 * @param after the number of the last piece that is not wanted
 * @param signal ends it
 * @throws ApiError (404) if there is no such job
 */
export async function* readOutput(parts: OutputReaderParts, id: string, after: number, signal: AbortSignal): AsyncGenerator<OutputEvent> {
  const { redis, seal, waiter, onRecord } = parts;
  let last = after;
  await withRedisErrors(joinRecord(redis, id, 'followers', waiter.channel));
  while (!signal.aborted) {
    const news = waiter.nextNews(id);
    // The record first: if it tells the end, all output is there.
    const record = await withRedisErrors(readRecord(redis, id));
    if (!record) throw new ApiError('NotFoundError', `There is no job ${id}, or none any more.`);
    for (let page = await readPage(parts, id, last); page.length > 0; page = await readPage(parts, id, last)) {
      for (const event of page) yield event;
      last = page.at(-1)?.number ?? last;
    }
    const outcome = outcomeOf(record, seal, id);
    if (outcome) {
      for (const [index, chunk] of outcome.output?.chunks.entries() ?? []) {
        if (index < last) continue;
        last = index + 1;
        yield { number: last, chunk };
      }
      yield { number: last + 1, outcome };
      return;
    }
    onRecord(id, record);
    // News come within a second, so a reader who has gone away is noticed in that time.
    await news;
  }
}

async function readPage({ redis, seal }: OutputReaderParts, id: string, after: number): Promise<{ number: number; chunk: Chunk }[]> {
  const entries = await withRedisErrors(redis.xrangeBuffer(keys.output(id), `(${after}-0`, '+', 'COUNT', pageLength));
  return entries.flatMap(([name, [, packed]]) => {
    const [chunk] = packed ? unpackOutput(packed, seal, id) : [];
    return chunk ? [{ number: Number.parseInt(String(name), 10), chunk }] : [];
  });
}
