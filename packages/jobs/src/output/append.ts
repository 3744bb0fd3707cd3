import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { outputMark } from '../record/end.ts';
import { luaPublish } from '../record/lua.ts';

/**
 * Appends under a number of our own, so that a command that ioredis sends again after a lost connection is refused, and tells
 * those who follow that there is more.
 */
const script = `${luaPublish}
if type(redis.pcall('XADD', KEYS[1], ARGV[1] .. '-0', 'd', ARGV[2])) == 'table' then return 'there' end
redis.call('EXPIRE', KEYS[1], ARGV[3])
publish(KEYS[2], 'followers', ARGV[4] .. ' ${outputMark}')
return 'appended'`;

/** Appends an entry to a job's output; numbers begin with 1 and have no gaps. */
export async function appendOutput(redis: RedisClient, id: string, number: number, packed: Buffer): Promise<void> {
  await runScript(redis, script, [keys.output(id), keys.record(id)], [number, packed, maxJobLifeSeconds, id]);
}
