import { ApiError } from '@podman-api/errors';
import type { Chunk } from '@podman-api/podman';
import type { ClientParts } from '../client/client.ts';
import type { Outcome } from '../job.ts';
import { keys } from '../names.ts';
import { join } from '../record/enter.ts';
import { outcomeIn, readRecord } from '../record/record.ts';
import { asking } from '../redis.ts';
import { unpackOutput } from './pack.ts';

/** Entries read at once, of 64 KiB at most each: what a slow reader costs in memory. */
const pageLength = 16;

/** A piece of a job's output, or its end, which is the last. */
export type OutputEvent =
  | { readonly number: number; readonly chunk: Chunk; readonly outcome?: never }
  | { readonly number: number; readonly chunk?: never; readonly outcome: Outcome };

/**
 * Reads a job's output while it runs and after; no more is read than is taken. Pieces are numbered from 1.
 * @param after the number of the last piece that is not wanted
 * @param signal ends it
 * @throws ApiError (404) where there is no such job
 */
export async function* readOutput(parts: ClientParts, id: string, after: number, signal: AbortSignal): AsyncGenerator<OutputEvent> {
  const { redis, seal, waiter, onRecord } = parts;
  let last = after;
  await asking(join(redis, id, 'followers', waiter.channel));
  while (!signal.aborted) {
    const word = waiter.word(id);
    // The record first: what was written before the end is there once the end is.
    const record = await asking(readRecord(redis, id));
    if (!record) throw new ApiError('NotFoundError', `There is no job ${id}, or none any more.`);
    for (let page = await readPage(parts, id, last); page.length > 0; page = await readPage(parts, id, last)) {
      for (const event of page) yield event;
      last = page.at(-1)?.number ?? last;
    }
    const outcome = outcomeIn(record, seal, id);
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
    // It comes within a second, and so does the end of a reader who has gone.
    await word;
  }
}

async function readPage({ redis, seal }: ClientParts, id: string, after: number): Promise<{ number: number; chunk: Chunk }[]> {
  const entries = await asking(redis.xrangeBuffer(keys.output(id), `(${after}-0`, '+', 'COUNT', pageLength));
  return entries.flatMap(([name, [, packed]]) => {
    const [chunk] = packed ? unpackOutput(packed, seal, id) : [];
    return chunk ? [{ number: Number.parseInt(String(name), 10), chunk }] : [];
  });
}
