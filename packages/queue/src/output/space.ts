import type { Limits } from '../limits.ts';
import { keys, placeOf } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';

/** Output of fewer bytes is not worth counting. */
const small = 1024;

/**
 * Notes a kept output, forgets those that have expired, and drops the oldest ones while all together are too large;
 * a dropped one's record says that it is not whole.
 */
const script = `
local list, total_key = KEYS[1], KEYS[1] .. ':bytes'
local now, ttl, space = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if redis.call('ZADD', list, now, ARGV[4] .. ' ' .. ARGV[5]) == 1 then redis.call('INCRBY', total_key, ARGV[4]) end
for _, entry in ipairs(redis.call('ZRANGEBYSCORE', list, '-inf', now - ttl * 1000, 'LIMIT', 0, 100)) do
  redis.call('ZREM', list, entry)
  redis.call('DECRBY', total_key, string.match(entry, '^%d+'))
end
while tonumber(redis.call('GET', total_key)) > space do
  local entry = redis.call('ZRANGE', list, 0, 0)[1]
  if not entry then redis.call('SET', total_key, 0) break end
  local bytes, id = string.match(entry, '^(%d+) (.+)$')
  redis.call('ZREM', list, entry)
  redis.call('DECRBY', total_key, bytes)
  local rest = string.sub(id, ARGV[8] + 1)
  redis.call('UNLINK', ARGV[6] .. rest)
  if redis.call('HDEL', ARGV[7] .. rest, 'output', 'sealed_result') > 0 then redis.call('HSET', ARGV[7] .. rest, 'truncated', 'true') end
end
redis.call('EXPIRE', list, ttl + 86400)
redis.call('EXPIRE', total_key, ttl + 86400)
return 'counted'`;

/** How much of the outputs of a node's ended jobs is kept: for so many seconds, and so many bytes in all. */
export type Space = Pick<Limits, 'resultTtl' | 'outputSpace'>;

/** Counts an ended job's output, and makes room for it by dropping the oldest. */
export async function takeSpace(redis: RedisClient, id: string, bytes: number, { resultTtl, outputSpace }: Space): Promise<void> {
  const place = placeOf(id);
  if (!place || bytes < small) return;
  // The node's jobs have keys that differ in what follows the node alone.
  const rest = id.length - place.node.length;
  const values = [
    Date.now(),
    resultTtl,
    outputSpace,
    bytes,
    id,
    keys.output(id).slice(0, -rest),
    keys.record(id).slice(0, -rest),
    place.node.length,
  ];
  await runScript(redis, script, [keys.outputs(place.node)], values);
}
