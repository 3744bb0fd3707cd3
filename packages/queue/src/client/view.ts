import type { JobView } from '../job.ts';
import { join } from '../record/enter.ts';
import { readRecord, viewOf } from '../record/record.ts';
import type { ClientParts } from './client.ts';

/** A job as anybody may see it; nothing where there is none, or none any more. */
export async function viewJob({ redis, seal, onRecord }: ClientParts, id: string): Promise<JobView | undefined> {
  const record = await readRecord(redis, id);
  if (!record) return undefined;
  onRecord(id, record);
  return viewOf(record, seal, id);
}

/**
 * Waits until a job has ended and gives it as it is then.
 * @param signal ends the wait
 */
export async function awaitJob(parts: ClientParts, id: string, signal: AbortSignal): Promise<JobView | undefined> {
  const end = new AbortController();
  const ended = parts.waiter.wait(id, AbortSignal.any([signal, end.signal]));
  try {
    await join(parts.redis, id, 'waiters', parts.waiter.channel);
    const view = await viewJob(parts, id);
    if (!view || view.outcome) return view;
    await ended;
    return await viewJob(parts, id);
  } finally {
    end.abort('read');
  }
}
