import { type RedisClient, runScript } from '@podman-api/redis';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import type { Limits } from '../limits.ts';

/** Smaller outputs are not counted. */
const minCountedBytes = 1024;

/**
 * Adds an output to the node's list, removes expired ones from the list, and deletes the oldest outputs while the total exceeds
 * the quota. The records of jobs whose output was deleted get `truncated` and `incomplete`.
 */
const script = `
local list = KEYS[1]
local total_key = list .. ':bytes'
local now, ttl, space, new_bytes, new_id, output_prefix, record_prefix, node_length = unpack(ARGV)
if redis.call('ZADD', list, now, new_bytes .. ' ' .. new_id) == 1 then redis.call('INCRBY', total_key, new_bytes) end
for _, entry in ipairs(redis.call('ZRANGEBYSCORE', list, '-inf', now - ttl * 1000, 'LIMIT', 0, 100)) do
  redis.call('ZREM', list, entry)
  redis.call('DECRBY', total_key, string.match(entry, '^%d+'))
end
while tonumber(redis.call('GET', total_key)) > tonumber(space) do
  local entry = redis.call('ZRANGE', list, 0, 0)[1]
  if not entry then redis.call('SET', total_key, 0) break end
  local bytes, id = string.match(entry, '^(%d+) (.+)$')
  redis.call('ZREM', list, entry)
  redis.call('DECRBY', total_key, bytes)
  local rest = string.sub(id, node_length + 1)
  redis.call('UNLINK', output_prefix .. rest)
  if redis.call('HDEL', record_prefix .. rest, 'output', 'sealed_result') > 0 then
    redis.call('HSET', record_prefix .. rest, 'truncated', 'true', 'incomplete', 'true')
  end
end
redis.call('EXPIRE', list, ttl + 86400)
redis.call('EXPIRE', total_key, ttl + 86400)
return 'counted'`;

/** Age and size limits for the stored outputs of a node's ended jobs. */
export type OutputLimits = Pick<Limits, 'resultTtlSeconds' | 'outputSpaceBytes'>;

/** Counts an ended job's output, and deletes the oldest outputs of its node if the quota is exceeded. */
export async function enforceOutputQuota(
  redis: RedisClient,
  id: string,
  bytes: number,
  { resultTtlSeconds, outputSpaceBytes }: OutputLimits,
): Promise<void> {
  const node = parseJobId(id)?.node;
  if (node === undefined || bytes < minCountedBytes) return;
  // The keys of a node's jobs differ only in what follows the node.
  const rest = id.length - node.length;
  const values = [
    Date.now(),
    resultTtlSeconds,
    outputSpaceBytes,
    bytes,
    id,
    keys.output(id).slice(0, -rest),
    keys.record(id).slice(0, -rest),
    node.length,
  ];
  await runScript(redis, script, [keys.outputs(node)], values);
}
