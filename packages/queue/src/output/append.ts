import type { Redis } from 'ioredis';
import { keys } from '../names.ts';

/** A job may run for a day; what is left of one that nobody ended goes after two, in seconds. */
const longest = 2 * 86_400;

/**
 * Appends under a number of our own, so that a command which ioredis sends a second time after a lost connection is
 * refused, and tells those who follow that there is more.
 */
const script = `
if type(redis.pcall('XADD', KEYS[1], ARGV[1] .. '-0', 'd', ARGV[2])) == 'table' then return 0 end
redis.call('EXPIRE', KEYS[1], ARGV[3])
local followers = redis.call('HGET', KEYS[2], 'followers')
if followers then
  for channel in string.gmatch(followers, '%S+') do redis.call('PUBLISH', channel, ARGV[4] .. ' +') end
end
return 1`;

/** Appends an entry to a job's output; numbers begin with 1 and have no gaps. */
export async function appendOutput(redis: Redis, id: string, number: number, packed: Buffer): Promise<void> {
  await redis.eval(script, 2, keys.output(id), keys.record(id), number, packed, longest, id);
}
