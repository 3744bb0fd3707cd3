import { type RedisClient, runScript } from '@podman-api/redis';
import { luaIsFinal } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import type { Lane } from '../lanes.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { firstValueAfterLane, laneArguments, luaFairShare } from './lua.ts';

/**
 * Delay with which a held job is added to BullMQ. `holdJob` extends it; if the API process dies before that, BullMQ moves the job
 * to the waiting list after this time.
 */
export const holdTimeoutMs = 10_000;
/** Expiry of the reports of a node's workers. The report of a dead worker stops counting much earlier. */
const reportsExpirySeconds = 3600;
/** BullMQ's score of a delayed job is its time in ms, times this, plus a counter. */
const delayedScorePerMs = 4096;

const holdScript = `${luaFairShare}
local lane = read_lane()
local id, token = unpack(ARGV, ${firstValueAfterLane})
if redis.call('HGET', record_of(lane, id), 'status') == 'queued' and redis.call('ZSCORE', lane.delayed, id) then
  local jobs = held_jobs(lane, token)
  if not redis.call('LPOS', jobs, id) then redis.call('RPUSH', jobs, id) end
  if not redis.call('LPOS', lane.held, token) then redis.call('RPUSH', lane.held, token) end
  redis.call('EXPIRE', jobs, lane.ttl)
  redis.call('EXPIRE', lane.held, lane.ttl)
  redis.call('ZADD', lane.delayed, 'XX', (redis.call('TIME')[1] + lane.ttl) * 1000 * ${delayedScorePerMs}, id)
end
admit_held(lane)
return 'done'`;

/**
 * Holds a job that was added to BullMQ with a delay, until a slot is free for its token; admits it at once if one has become free.
 * Idempotent.
 */
export async function holdJob(redis: RedisClient, id: string, token: string): Promise<void> {
  const job = parseJobId(id);
  if (!job) return;
  const { scriptKeys, values } = laneArguments(job.node, job.lane, maxJobLifeSeconds);
  await runScript(redis, holdScript, scriptKeys, [...values, id, token]);
}

const releaseScript = `${luaIsFinal}${luaFairShare}
local lane = read_lane()
local id = unpack(ARGV, ${firstValueAfterLane})
local status = redis.call('HGET', record_of(lane, id), 'status')
if not status or is_final(status) then redis.call('HDEL', lane.admitted, id) end
admit_held(lane)
return 'done'`;

/**
 * Releases the slot of a job that has ended, and admits the next held jobs of its lane. Never rejects: after a failure, the next
 * report of a worker does the same.
 */
export async function releaseSlot(redis: RedisClient, id: string): Promise<void> {
  const job = parseJobId(id);
  if (!job) return;
  const { scriptKeys, values } = laneArguments(job.node, job.lane, maxJobLifeSeconds);
  await runScript(redis, releaseScript, scriptKeys, [...values, id]).catch(() => {});
}

const reportScript = `${luaFairShare}
local lane = read_lane()
local worker, slots = unpack(ARGV, ${firstValueAfterLane})
if tonumber(slots) > 0 then redis.call('HSET', lane.slots, worker, slots .. ' ' .. redis.call('TIME')[1])
else redis.call('HDEL', lane.slots, worker) end
redis.call('EXPIRE', lane.slots, ${reportsExpirySeconds})
admit_held(lane)
return 'done'`;

/** The slots of a worker in a lane. */
export interface WorkerSlots {
  readonly node: string;
  readonly lane: Lane;
  /** The worker's id. */
  readonly worker: string;
  /** Jobs that the worker runs at the same time; 0 if it takes no more. */
  readonly slots: number;
}

/**
 * Reports the slots of a worker, and admits the held jobs for which there is a slot. Each worker repeats it, so that held jobs continue
 * after another process died or a worker was added.
 */
export async function reportSlots(redis: RedisClient, { node, lane, worker, slots }: WorkerSlots): Promise<void> {
  const { scriptKeys, values } = laneArguments(node, lane, maxJobLifeSeconds);
  await runScript(redis, reportScript, scriptKeys, [...values, worker, slots]);
}
