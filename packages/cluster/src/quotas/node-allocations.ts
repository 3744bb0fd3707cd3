import { type RedisClient, runScript, withRedisErrors } from '@podman-api/redis';
import { isStale, type ReservationParts } from '../directory/reservation.ts';
import { keys } from '../keys.ts';
import { type Allocation, formatResources, parseResources, type QuotaUsage } from './quotas.ts';
import { releaseAllocation } from './release.ts';

/** The allocations of the containers of one node. All writes are idempotent. */
export interface NodeAllocations {
  /** Reads all allocations of the node, by the ids of their jobs. */
  read(): Promise<ReadonlyMap<string, Allocation>>;
  /** Adds the allocation of a container that exists, even if it exceeds a quota. */
  put(allocation: Allocation): Promise<void>;
  /** Releases the allocation of a job whose container was removed. */
  release(job: string): Promise<void>;
  /** Releases the allocation of a job that has no container, unless the job may still create one. */
  releaseIfStale(job: string): Promise<void>;
}

const putScript = `
local nodeAllocations, tokenAllocations = unpack(KEYS)
local job, token, resources = unpack(ARGV)
redis.call('HSET', nodeAllocations, job, token .. ' ' .. resources)
redis.call('HSET', tokenAllocations, job, resources)
return ''`;

/** Opens the allocations of a node. */
export function openNodeAllocations({ redis, readState }: ReservationParts, node: string): NodeAllocations {
  return {
    async read() {
      const entries = Object.entries(await redis.hgetall(keys.allocations(node)));
      return new Map(entries.map(([job, value]) => [job, parseAllocation(job, value)]));
    },
    async put(allocation) {
      const { job, token } = allocation;
      await runScript(redis, putScript, [keys.allocations(node), keys.tokenAllocations(token)], [job, token, formatResources(allocation)]);
    },
    release: job => releaseAllocation(redis, job),
    async releaseIfStale(job) {
      if (isStale(await readState(job))) await releaseAllocation(redis, job);
    },
  };
}

function parseAllocation(job: string, value: string): Allocation {
  const [token = '', ...resources] = value.split(' ');
  return { job, token, ...parseResources(resources.join(' ')) };
}

/**
 * Reads the current use of a token's quotas.
 * @returns `running_jobs` is 0 if the token has had no quota `max_running_jobs`
 * @throws ApiError (503) while Redis is unavailable
 */
export async function readQuotaUsage(redis: RedisClient, token: string): Promise<QuotaUsage> {
  const [values, running_jobs] = await withRedisErrors(
    Promise.all([redis.hvals(keys.tokenAllocations(token)), redis.zcard(keys.runningJobs(token))]),
  );
  const resources = values.map(parseResources);
  return {
    containers: values.length,
    memory: resources.reduce((sum, { memory }) => sum + memory, 0),
    cpus: Number(resources.reduce((sum, { cpus }) => sum + cpus, 0).toFixed(2)),
    running_jobs,
  };
}
