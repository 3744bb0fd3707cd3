import { queueKey } from '../bullmq/queue-names.ts';
import { keys, laneTag, recordPrefix } from '../keys.ts';
import type { Lane } from '../lanes.ts';
import { addTimeoutMs } from '../limits.ts';

/** The slots of a worker count for this long after its last report; it reports every two seconds. */
const reportTtlSeconds = 10;

/**
 * Lua functions for the fair share. Terms:
 *
 * - slot: a job that a worker may run at the same time as others; the slots of a lane are those of all live workers of its node.
 * - share: the slots that the jobs of one token may take. At most three quarters, and at least one slot is left to others.
 * - admitted: a job that is in BullMQ's waiting list, or runs. Never more than there are slots.
 * - held: a job that waits outside that list. It is in BullMQ's set of delayed jobs, and in a list of its token.
 *
 * The keys and values of the lane are the first ones of a script, see `laneArguments`.
 *
 * A job without a token is always admitted, and not counted. An admitted job that is not in BullMQ `addTimeoutMs` after its
 * creation was left by an API process that died, and is not counted either.
 */
export const luaFairShare = `
local function read_lane()
  local slots, admitted, held, wait, delayed, marker = unpack(KEYS)
  local record_prefix, node_length, job_prefix, ttl = unpack(ARGV)
  return {
    slots = slots, admitted = admitted, held = held, wait = wait, delayed = delayed, marker = marker,
    record_prefix = record_prefix, node_length = tonumber(node_length), job_prefix = job_prefix, ttl = ttl,
  }
end

local function record_of(lane, id) return lane.record_prefix .. string.sub(id, lane.node_length + 1) end
local function held_jobs(lane, token) return lane.held .. ':' .. token end

local function count_slots(lane)
  local now, total, live = tonumber(redis.call('TIME')[1]), 0, {}
  local reports = redis.call('HGETALL', lane.slots)
  for at = 1, #reports, 2 do
    local slots, reported_at = string.match(reports[at + 1], '^(%d+) (%d+)$')
    if slots and now - tonumber(reported_at) <= ${reportTtlSeconds} then
      total = total + tonumber(slots)
      live[reports[at]] = true
    end
  end
  local share = total < 2 and total or math.min(total - 1, math.ceil(total * 3 / 4))
  return total, share, live
end

local function was_never_added(lane, id)
  if redis.call('EXISTS', lane.job_prefix .. id) == 1 then return false end
  local now, created = redis.call('TIME'), tonumber(string.sub(id, -28, -17), 16)
  return now[1] * 1000 + now[2] / 1000 - created > ${addTimeoutMs}
end

local function count_admitted(lane, live)
  local counts, total = {}, 0
  local entries = redis.call('HGETALL', lane.admitted)
  for at = 1, #entries, 2 do
    local id, token = entries[at], entries[at + 1]
    local status, worker = unpack(redis.call('HMGET', record_of(lane, id), 'status', 'worker'))
    if (status == 'queued' and not was_never_added(lane, id)) or (status == 'running' and live[worker]) then
      counts[token] = (counts[token] or 0) + 1
      total = total + 1
    elseif status ~= 'running' then
      redis.call('HDEL', lane.admitted, id)
    end
  end
  return counts, total
end

local function admit(lane, id, token)
  redis.call('HSET', lane.admitted, id, token)
  redis.call('EXPIRE', lane.admitted, lane.ttl)
end

local function is_within_share(lane, token)
  if redis.call('EXISTS', held_jobs(lane, token)) == 1 then return false end
  local slots, share, live = count_slots(lane)
  if redis.call('HLEN', lane.admitted) < share then return true end
  local counts, total = count_admitted(lane, live)
  return total < slots and (counts[token] or 0) < share
end

local function next_token(lane, counts, share)
  local best
  for _, token in ipairs(redis.call('LRANGE', lane.held, 0, -1)) do
    local count = counts[token] or 0
    if count < share and (not best or count < (counts[best] or 0)) then best = token end
  end
  return best
end

local function admit_held(lane)
  if redis.call('EXISTS', lane.held) == 0 then return end
  local slots, share, live = count_slots(lane)
  local counts, total = count_admitted(lane, live)
  while total < slots do
    local token = next_token(lane, counts, share)
    if not token then return end
    local id = redis.call('LPOP', held_jobs(lane, token))
    if id and redis.call('ZREM', lane.delayed, id) == 1 then
      redis.call('HDEL', record_of(lane, id), 'held')
      redis.call('HSET', lane.job_prefix .. id, 'delay', 0)
      redis.call('LPUSH', lane.wait, id)
      redis.call('ZADD', lane.marker, 0, '0')
      admit(lane, id, token)
      counts[token] = (counts[token] or 0) + 1
      total = total + 1
    end
    redis.call('LREM', lane.held, 1, token)
    if redis.call('EXISTS', held_jobs(lane, token)) == 1 then redis.call('RPUSH', lane.held, token) end
  end
end
`;

/** Position in KEYS of a script's first key after those of its lane. */
export const firstKeyAfterLane = 7;
/** Position in ARGV of a script's first value after those of its lane. */
export const firstValueAfterLane = 5;

/** The keys and values of a lane, which are the first ones of a script. */
export interface LaneArguments {
  readonly scriptKeys: readonly string[];
  readonly values: readonly (string | number)[];
}

/** Returns what `read_lane` of the Lua functions reads. @param ttlSeconds expiry of the keys, as long as a job can live */
export function laneArguments(node: string, lane: Lane, ttlSeconds: number): LaneArguments {
  const bullKeys = ['wait', 'delayed', 'marker'].map(part => queueKey(node, lane, part));
  const tag = laneTag(node, lane);
  return {
    scriptKeys: [keys.slots(tag), keys.admitted(tag), keys.held(tag), ...bullKeys],
    values: [recordPrefix(node), node.length, queueKey(node, lane, ''), ttlSeconds],
  };
}
