import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { outputMark } from '../record/end.ts';
import { luaPublish } from '../record/lua.ts';

/**
 * Appends an entry under an explicit id, so that Redis rejects it if ioredis sends the command again after a lost connection,
 * and notifies the processes that read the output. Any other error of XADD is returned.
 */
const script = `${luaPublish}
local output, record = unpack(KEYS)
local number, packed, ttl, id = unpack(ARGV)
local added = redis.pcall('XADD', output, number .. '-0', 'd', packed)
if type(added) == 'table' and added.err then
  return string.find(added.err, 'equal or smaller', 1, true) and 'there' or added
end
redis.call('EXPIRE', output, ttl)
publish(record, 'output_channels', id .. ' ${outputMark}')
return 'appended'`;

/** Appends an entry to a job's output. Idempotent. @param number starts at 1, without gaps @throws Error if Redis rejects it */
export async function appendOutput(redis: RedisClient, id: string, number: number, packed: Buffer): Promise<void> {
  await runScript(redis, script, [keys.output(id), keys.record(id)], [number, packed, maxJobLifeSeconds, id]);
}
