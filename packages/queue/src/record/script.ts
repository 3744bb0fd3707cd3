import type { Redis } from 'ioredis';

/** What our scripts answer with: one text. */
export async function runScript(redis: Redis, script: string, touched: readonly string[], values: readonly (string | number | Buffer)[]) {
  return String(await redis.eval(script, touched.length, ...touched, ...values));
}

/** Lua: whether a status is an end. */
export const luaIsEnd = "local function is_end(status) return status and status ~= 'queued' and status ~= 'running' end\n";

/** Lua: tells all channels in some fields of the record at `key` a message, and forgets the channels. */
export const luaTell = `
local function tell(key, message)
  for _, field in ipairs({'waiters', 'followers'}) do
    for channel in string.gmatch(redis.call('HGET', key, field) or '', '%S+') do redis.call('PUBLISH', channel, message) end
  end
  redis.call('HDEL', key, 'waiters', 'followers', 'cancel')
end
`;
