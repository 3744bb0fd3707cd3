import { createHash } from 'node:crypto';
import type { RedisClient } from '../redis.ts';

/** The names that Redis gives scripts, EVALSHA. */
const hashes = new Map<string, string>();

/**
 * What our scripts answer with: one text. The script goes by its hash, for its text is longer than all that a job
 * says; where a server has not seen it yet, nothing has been done, and it gets the text.
 */
export async function runScript(
  redis: RedisClient,
  script: string,
  touched: readonly string[],
  values: readonly (string | number | Buffer)[],
): Promise<string> {
  try {
    return String(await redis.evalsha(hashOf(script), touched.length, ...touched, ...values));
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return String(await redis.eval(script, touched.length, ...touched, ...values));
  }
}

function hashOf(script: string): string {
  const hash = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
  hashes.set(script, hash);
  return hash;
}

/** Lua: whether a status is an end. */
export const luaIsEnd = "local function is_end(status) return status and status ~= 'queued' and status ~= 'running' end\n";

/** Lua: adds a channel to those in a field of the record at `key`, once. */
export const luaListen = `
local function listen(key, field, channel)
  local there = redis.call('HGET', key, field) or ''
  if not string.find(there, channel, 1, true) then redis.call('HSET', key, field, there .. ' ' .. channel) end
end
`;

/** Lua: tells all channels in a field of the record at `key` a message. */
export const luaPublish = `
local function publish(key, field, message)
  for channel in string.gmatch(redis.call('HGET', key, field) or '', '%S+') do redis.call('PUBLISH', channel, message) end
end
`;

/** Lua: tells all who wait for a job or follow it a message, the last one. */
export const luaTell = `${luaPublish}
local function tell(key, message)
  publish(key, 'waiters', message)
  publish(key, 'followers', message)
  redis.call('HDEL', key, 'waiters', 'followers', 'cancel')
end
`;
