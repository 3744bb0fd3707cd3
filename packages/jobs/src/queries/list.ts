import { invalidField } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import type { JobStatus, JobView } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { readRecordHead, viewOf } from '../record/record.ts';
import type { Seal } from '../seal.ts';

/** Criteria for jobs; absent fields match every job. */
export interface JobFilter {
  readonly status?: JobStatus;
  readonly operation?: string;
  readonly container?: string;
  readonly node?: string;
  /** The name of the token that the jobs were requested with. */
  readonly token?: string;
}

/** A page of jobs, the newest first. */
export interface JobPage {
  readonly jobs: readonly JobView[];
  /** Cursor of the next page; absent on the last one. */
  readonly cursor?: string;
}

/** Dependencies for listing jobs. */
interface ListParts {
  readonly redis: RedisClient;
  readonly seal: Seal;
}

const idsPerRead = 200;
/** Maximum number of ids read for one page; a page may therefore have fewer jobs than `limit`. */
const maxIds = 5000;

/**
 * Reads a page of jobs, the newest first.
 * @param limit maximum number of jobs
 * @param cursor the `cursor` of the page before
 * @throws ApiError (400) if the cursor is not one of a page
 */
export async function listJobs(parts: ListParts, filter: JobFilter, limit: number, cursor?: string): Promise<JobPage> {
  const { redis, seal } = parts;
  const jobs: JobView[] = [];
  let last = cursor === undefined ? undefined : openCursor(seal, cursor);
  for (let read = 0; read < maxIds; read += idsPerRead) {
    const ids = await readIdsAfter(redis, last);
    const wanted = ids.filter(id => filter.node === undefined || parseJobId(id)?.node === filter.node);
    const views = await readViews(parts, wanted);
    const expired = [...views].filter(([, view]) => view === undefined).map(([id]) => id);
    if (expired.length > 0) await redis.zrem(keys.jobs, ...expired);
    for (const id of ids) {
      last = id;
      const view = views.get(id);
      if (view && matches(view, filter)) jobs.push(view);
      if (jobs.length === limit) return { jobs, cursor: sealCursor(seal, last) };
    }
    if (ids.length < idsPerRead) return { jobs };
  }
  return { jobs, ...(last !== undefined && { cursor: sealCursor(seal, last) }) };
}

/** Context of the seal for cursors; see `Seal`. */
const cursorPurpose = 'cursor';

/** Returns a cursor with the id encrypted, because the caller may lack access to that job. */
function sealCursor(seal: Seal, id: string): string {
  return seal.seal(Buffer.from(id), cursorPurpose).toString('base64url');
}

function openCursor(seal: Seal, cursor: string): string {
  try {
    return seal.open(Buffer.from(cursor, 'base64url'), cursorPurpose).toString();
  } catch {
    throw invalidField('cursor', 'cursor must be the cursor of the previous page.');
  }
}

/** Reads the next ids, the newest first. Ids with the same creation time are in reverse alphabetical order. */
async function readIdsAfter(redis: RedisClient, cursor: string | undefined): Promise<string[]> {
  if (cursor === undefined) return redis.zrevrangebyscore(keys.jobs, '+inf', '-inf', 'LIMIT', 0, idsPerRead);
  const rank = await redis.zrevrank(keys.jobs, cursor);
  if (rank !== null) return redis.zrevrange(keys.jobs, rank + 1, rank + idsPerRead);
  const createdAtMs = parseJobId(cursor)?.createdAtMs ?? 0;
  const ids = await redis.zrevrangebyscore(keys.jobs, createdAtMs, '-inf', 'LIMIT', 0, idsPerRead);
  // The job of the cursor has expired: continue with the jobs of the same ms that come after it.
  return ids.filter(id => parseJobId(id)?.createdAtMs !== createdAtMs || id < cursor);
}

async function readViews({ redis, seal }: ListParts, ids: readonly string[]): Promise<Map<string, JobView | undefined>> {
  const views = await Promise.all(
    ids.map(async id => {
      const record = await readRecordHead(redis, id);
      return [id, record && viewOf(record, seal, id)] as const;
    }),
  );
  return new Map(views);
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

/** Number of ids per step of `removeExpiredJobs`. */
const idsPerStep = 1000;

/**
 * Removes the ids of expired jobs from the index of all jobs, which grows fast: one list over a thousand nodes creates a
 * thousand jobs. An old job with a record is still queued or running, or has ended recently.
 */
export async function removeExpiredJobs(redis: RedisClient, resultTtlSeconds: number): Promise<void> {
  const newest = Date.now() - resultTtlSeconds * 1000;
  let kept = 0;
  for (;;) {
    const ids = await redis.zrangebyscore(keys.jobs, '-inf', newest, 'LIMIT', kept, idsPerStep);
    const exist = await Promise.all(ids.map(id => redis.exists(keys.record(id))));
    const expired = ids.filter((_, index) => exist[index] === 0);
    if (expired.length > 0) await redis.zrem(keys.jobs, ...expired);
    if (ids.length < idsPerStep) return;
    kept += ids.length - expired.length;
  }
}
