import type { JobView } from '../job.ts';
import { placeOf } from '../names.ts';
import { readEnd } from '../record.ts';
import type { ClientParts } from './client.ts';

/** A job as anybody may see it; nothing where there is none, or none any more. */
export async function viewJob({ redis, queues }: ClientParts, id: string): Promise<JobView | undefined> {
  const place = placeOf(id);
  if (!place) return undefined;
  const [queued, end] = await Promise.all([queues.of(place.node, place.lane).getJob(id), readEnd(redis, id)]);
  const job = queued ?? end.job;
  if (!job) return undefined;
  const started = queued?.processedOn;
  const { outcome } = end;
  const { operation, container, node, request_id } = job.data;
  return {
    id,
    operation,
    container,
    node,
    status: outcome?.status ?? (started === undefined ? 'queued' : 'running'),
    created_at: new Date(job.timestamp).toISOString(),
    started_at: started === undefined ? null : new Date(started).toISOString(),
    finished_at: outcome?.finished_at ?? null,
    attempts: started === undefined ? 0 : 1,
    request_id,
    ...(outcome?.result && { result: outcome.result }),
    ...(outcome?.error && { error: outcome.error }),
  };
}
