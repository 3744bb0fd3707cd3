import type { JobStatus, JobView } from '../job.ts';
import { keys, placeOf } from '../names.ts';
import { readHead, viewOf } from '../record/record.ts';
import type { ClientParts } from './client.ts';

/** Which jobs are wanted; what is not set does not matter. */
export interface JobFilter {
  readonly status?: JobStatus;
  readonly operation?: string;
  readonly container?: string;
  readonly node?: string;
  /** The name of the token that the jobs were asked for with. */
  readonly token?: string;
}

/** Some jobs, the newest first, and where to go on. */
export interface JobPage {
  readonly jobs: readonly JobView[];
  /** For the next page; nothing where this is the last. */
  readonly cursor?: string;
}

/** How many ids are read at once, and how many at most for one page, which may then have fewer jobs than wanted. */
const batch = 200;
const mostRead = 5000;

/**
 * Reads jobs by the time they were made.
 * @param cursor a job's id: only older ones are wanted
 */
export async function listJobs(parts: ClientParts, filter: JobFilter, limit: number, cursor?: string): Promise<JobPage> {
  const { redis } = parts;
  const jobs: JobView[] = [];
  let last = cursor;
  for (let read = 0; read < mostRead; read += batch) {
    const ids = await idsAfter(parts, last);
    const records = await readAll(
      parts,
      ids.filter(id => filter.node === undefined || placeOf(id)?.node === filter.node),
    );
    const gone = [...records].filter(([, view]) => view === undefined).map(([id]) => id);
    if (gone.length > 0) await redis.zrem(keys.jobs, ...gone);
    for (const id of ids) {
      last = id;
      const view = records.get(id);
      if (view && matches(view, filter)) jobs.push(view);
      if (jobs.length === limit) return { jobs, cursor: last };
    }
    if (ids.length < batch) return { jobs };
  }
  return { jobs, ...(last !== undefined && { cursor: last }) };
}

/** The next ids from the newest on. Those made in the same ms stand in the order of their letters. */
async function idsAfter({ redis }: ClientParts, cursor: string | undefined): Promise<string[]> {
  if (cursor === undefined) return redis.zrevrangebyscore(keys.jobs, '+inf', '-inf', 'LIMIT', 0, batch);
  const rank = await redis.zrevrank(keys.jobs, cursor);
  if (rank !== null) return redis.zrevrange(keys.jobs, rank + 1, rank + batch);
  return redis.zrevrangebyscore(keys.jobs, `(${placeOf(cursor)?.created ?? 0}`, '-inf', 'LIMIT', 0, batch);
}

async function readAll({ redis, seal }: ClientParts, ids: readonly string[]): Promise<Map<string, JobView | undefined>> {
  const found = await Promise.all(
    ids.map(async id => {
      const record = await readHead(redis, id);
      return [id, record && viewOf(record, seal, id)] as const;
    }),
  );
  return new Map(found);
}

function matches(view: JobView, { status, operation, container, node, token }: JobFilter): boolean {
  return (
    (status === undefined || view.status === status) &&
    (operation === undefined || view.operation === operation) &&
    (container === undefined || view.container === container) &&
    (node === undefined || view.node === node) &&
    (token === undefined || view.token === token)
  );
}
