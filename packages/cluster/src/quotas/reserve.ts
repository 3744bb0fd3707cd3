import type { ApiError } from '@podman-api/errors';
import { isEndStatus, jobCreatedAtMs } from '@podman-api/jobs';
import { type RedisClient, runScript } from '@podman-api/redis';
import type { ExpiringMap } from '@podman-api/runtime';
import { hasEndedWithoutContainer, type ReservationParts } from '../directory/reservation.ts';
import { keys } from '../keys.ts';
import { formatResources, type Quotas, quotaExceededError, type Resources } from './quotas.ts';
import { releaseAllocation, releaseRunningJob } from './release.ts';

/** A job that needs room in the quotas of its token. */
export interface QuotaRequest {
  readonly job: string;
  readonly node: string;
  readonly token: string;
  readonly quotas: Quotas;
  /** Resources of the container that the job creates; `undefined` if it creates none. */
  readonly resources: Resources | undefined;
}

/** The result of a request for room in the quotas of a token. */
export interface QuotaReservation {
  /** A 403 if a quota does not allow the job. */
  readonly error?: ApiError;
  /** Releases the reservations of this call, for a job that was not added. */
  undo(): Promise<void>;
}

/** Dependencies for reserving room in quotas. */
export interface QuotaParts extends ReservationParts {
  /** Tokens whose running jobs were all checked in the last `checkIntervalMs`, without finding an ended one; empty at first. */
  readonly recentlyCheckedTokens: ExpiringMap<string, true>;
}

/** TTL of a token's running jobs. It is longer than any job waits and runs, and removes the data of tokens that are no longer used. */
const runningJobsTtlSeconds = 3 * 86_400;

/**
 * Adds an allocation and a running job, unless that exceeds a quota. Idempotent for a job.
 * `memory` is in bytes, `cpus` in hundredths. A quota is unlimited if it is `''`. `is_allocating` and `is_counted` say whether to add an
 * allocation and a running job (`1`).
 * Returns `added` and what was added (`allocation`, `job`), or the exceeded quota and its use.
 */
const reserveScript = `
local node_allocations, token_allocations, running_jobs = unpack(KEYS)
local job, token, memory, cpus, max_containers, max_memory, max_cpus, max_running, now, is_allocating, is_counted = unpack(ARGV)
max_containers, max_memory, max_cpus, max_running = tonumber(max_containers), tonumber(max_memory), tonumber(max_cpus), tonumber(max_running)
local runs = is_counted == '1' and not redis.call('ZSCORE', running_jobs, job)
local allocates = is_allocating == '1' and redis.call('HEXISTS', token_allocations, job) == 0
if runs and max_running and redis.call('ZCARD', running_jobs) >= max_running then
  return 'max_running_jobs ' .. redis.call('ZCARD', running_jobs)
end
if allocates then
  local containers = redis.call('HLEN', token_allocations)
  if max_containers and containers >= max_containers then return 'max_containers ' .. containers end
  if max_memory or max_cpus then
    local used_memory, used_cpus = 0, 0
    for _, value in ipairs(redis.call('HVALS', token_allocations)) do
      local one_memory, one_cpus = string.match(value, '^(%S+) (%S+)$')
      used_memory, used_cpus = used_memory + tonumber(one_memory), used_cpus + tonumber(one_cpus)
    end
    if max_memory and used_memory + tonumber(memory) > max_memory then return string.format('max_memory %.0f', used_memory) end
    if max_cpus and used_cpus + tonumber(cpus) > max_cpus then return string.format('max_cpus %.0f', used_cpus) end
  end
  redis.call('HSET', token_allocations, job, memory .. ' ' .. cpus)
  redis.call('HSET', node_allocations, job, token .. ' ' .. memory .. ' ' .. cpus)
end
if runs then
  redis.call('ZADD', running_jobs, now, job)
  redis.call('EXPIRE', running_jobs, ${runningJobsTtlSeconds})
end
return 'added' .. (allocates and ' allocation' or '') .. (runs and ' job' or '')`;

/** Tries once, see `reserveQuotas`. @returns the result of the script */
function tryReserve(redis: RedisClient, { job, node, token, quotas, resources }: QuotaRequest): Promise<string> {
  const { max_containers, max_memory, max_cpus, max_running_jobs } = quotas;
  // Rounded down, because what containers take is rounded up.
  const hundredths = max_cpus === undefined ? undefined : Math.floor(Number((max_cpus * 100).toFixed(6)));
  const limits = [max_containers, max_memory, hundredths, max_running_jobs].map(limit => limit ?? '');
  const scriptKeys = [keys.allocations(node), keys.tokenAllocations(token), keys.runningJobs(token)];
  const [memory = '', cpus = ''] = formatResources(resources ?? { memory: 0, cpus: 0 }).split(' ');
  // Running jobs of a token without that quota are not counted: it would cost each job a round trip.
  const flags = [resources !== undefined, max_running_jobs !== undefined].map(flag => (flag ? '1' : ''));
  return runScript(redis, reserveScript, scriptKeys, [job, token, memory, cpus, ...limits, Date.now(), ...flags]);
}

/**
 * Reserves room in the quotas of a token for a job, atomically in the whole fleet: an allocation if the job creates a
 * container, and a running job if their number is limited. Idempotent for a job.
 */
export async function reserveQuotas(parts: QuotaParts, request: QuotaRequest): Promise<QuotaReservation> {
  const { redis } = parts;
  const { job, token, quotas, resources = { memory: 0, cpus: 0 } } = request;
  const noReservation = { undo: async () => {} };
  if (request.resources === undefined && quotas.max_running_jobs === undefined) return noReservation;
  for (let isRepeated = false; ; isRepeated = true) {
    const [answer = '', ...rest] = (await tryReserve(redis, request)).split(' ');
    if (!isQuota(answer)) {
      return {
        async undo() {
          if (rest.includes('allocation')) await releaseAllocation(redis, job);
          if (rest.includes('job')) await releaseRunningJob(redis, token, job);
        },
      };
    }
    const error = quotaExceededError(token, quotas, resources, { quota: answer, used: Number(rest[0]) });
    if (isRepeated || !(await releaseEnded(parts, answer, token))) return { ...noReservation, error };
  }
}

function isQuota(text: string): text is keyof Quotas {
  return ['max_containers', 'max_memory', 'max_cpus', 'max_running_jobs'].includes(text);
}

/** Number of jobs of a token whose state is read at the same time. */
const batchSize = 20;
/** Time after which all running jobs of a token are checked again: requests that are refused must not keep Redis busy. */
export const checkIntervalMs = 1000;
/** Number of containers of a token whose jobs are read before a request is refused: their node checks all of them every 15 s. */
const maxCheckedContainers = 10;

/**
 * Releases the reservations of ended jobs. A caller may send its next request before the process that has ended its job has
 * released it, and that process may have died. @returns whether anything was released
 */
async function releaseEnded({ redis, readState, recentlyCheckedTokens }: QuotaParts, quota: keyof Quotas, token: string): Promise<boolean> {
  const isRunningJobsQuota = quota === 'max_running_jobs';
  const isRecheck = recentlyCheckedTokens.has(token);
  // Nothing else finds a running job whose end was not recorded, so all of them are checked: as many as the quota
  // allows.
  const jobs = isRunningJobsQuota
    ? await redis.zrange(keys.runningJobs(token), '0', isRecheck ? String(batchSize - 1) : '-1')
    : await readNewestAllocations(redis, token);
  const releaseIfEnded = async (job: string): Promise<boolean> => {
    const state = await readState(job);
    const { record, mayStillBeAdded } = state;
    const hasEnded = record ? isEndStatus(record.status) : !mayStillBeAdded;
    if (isRunningJobsQuota ? !hasEnded : !hasEndedWithoutContainer(state)) return false;
    await (isRunningJobsQuota ? releaseRunningJob(redis, token, job) : releaseAllocation(redis, job));
    return true;
  };
  for (let start = 0; start < jobs.length; start += batchSize) {
    const released = await Promise.all(jobs.slice(start, start + batchSize).map(releaseIfEnded));
    if (released.includes(true)) return true;
  }
  if (isRunningJobsQuota && !isRecheck) recentlyCheckedTokens.set(token, true);
  return false;
}

async function readNewestAllocations(redis: RedisClient, token: string): Promise<string[]> {
  const jobs = await redis.hkeys(keys.tokenAllocations(token));
  return jobs.sort((one, other) => jobCreatedAtMs(other) - jobCreatedAtMs(one)).slice(0, maxCheckedContainers);
}
