import { type EndedJob, parseJobId } from '@podman-api/jobs';
import { type RedisClient, runScript } from '@podman-api/redis';
import { releaseNameAfterEnd } from '../directory/reservation.ts';
import { keys } from '../keys.ts';

const releaseScript = `
local nodeAllocations = KEYS[1]
local job, tokenAllocationsPrefix = unpack(ARGV)
local allocation = redis.call('HGET', nodeAllocations, job)
if not allocation then return '' end
redis.call('HDEL', nodeAllocations, job)
local token = string.match(allocation, '^%S+')
redis.call('HDEL', tokenAllocationsPrefix .. token, job)
return ''`;

/** Releases the allocation of a job whose container was removed or never created. Idempotent. */
export async function releaseAllocation(redis: RedisClient, job: string): Promise<void> {
  const node = parseJobId(job)?.node;
  if (node === undefined) return;
  await runScript(redis, releaseScript, [keys.allocations(node)], [job, keys.tokenAllocations('')]);
}

/** Removes a job that has ended from the running jobs of its token. Idempotent. */
export async function releaseRunningJob(redis: RedisClient, token: string, job: string): Promise<void> {
  await redis.zrem(keys.runningJobs(token), job);
}

/**
 * Releases the reservations of an ended job: its name, its place among the running jobs of its token, and its allocation. A
 * job that may have created the container keeps name and allocation: the list of the containers of its node decides.
 */
export async function releaseAfterEnd(redis: RedisClient, ended: EndedJob): Promise<void> {
  const { id, job, outcome } = ended;
  const isCounted = job.token !== null && (job.changes || parseJobId(id)?.lane === 'commands');
  const mayHaveContainer = outcome.status === 'succeeded' || outcome.status === 'unknown';
  await Promise.all([
    releaseNameAfterEnd(redis, ended),
    isCounted && job.token !== null ? releaseRunningJob(redis, job.token, id) : undefined,
    isCounted && !mayHaveContainer ? releaseAllocation(redis, id) : undefined,
  ]);
}
