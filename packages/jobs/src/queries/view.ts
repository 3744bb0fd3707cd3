import type { RedisClient } from '@podman-api/redis';
import type { JobView } from '../job.ts';
import { joinRecord } from '../record/create.ts';
import { type JobRecord, readRecord, viewOf } from '../record/record.ts';
import type { Seal } from '../seal.ts';
import type { Waiter } from '../submit/waiter.ts';

/** Dependencies for reading a job. */
export interface ViewParts {
  readonly redis: RedisClient;
  readonly seal: Seal;
  /** Called with each record that is read. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

/** Reads a job; `undefined` if it does not exist or has expired. */
export async function readJob({ redis, seal, onRecord }: ViewParts, id: string): Promise<JobView | undefined> {
  const record = await readRecord(redis, id);
  if (!record) return undefined;
  onRecord(id, record);
  return viewOf(record, seal, id);
}

/**
 * Waits until a job has ended, then reads it; `undefined` if it does not exist or has expired.
 * @param signal ends the wait; the job is then returned as it is
 */
export async function awaitJob(
  parts: ViewParts & { readonly waiter: Waiter },
  id: string,
  signal: AbortSignal,
): Promise<JobView | undefined> {
  const { redis, waiter } = parts;
  const done = new AbortController();
  const ended = waiter.wait(id, AbortSignal.any([signal, done.signal]));
  try {
    await joinRecord(redis, id, 'outcome_channels', waiter.outcomeChannel);
    const job = await readJob(parts, id);
    if (!job || job.outcome) return job;
    await ended;
    return await readJob(parts, id);
  } finally {
    done.abort();
  }
}
