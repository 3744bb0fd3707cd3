/** Lua function: returns whether a status is final. */
export const luaIsEnd = "local function is_end(status) return status and status ~= 'queued' and status ~= 'running' end\n";

/** Lua function: adds a channel to a field of the record at `key`. Idempotent. */
export const luaListen = `
local function listen(key, field, channel)
  local channels = redis.call('HGET', key, field) or ''
  if not string.find(channels, channel, 1, true) then redis.call('HSET', key, field, channels .. ' ' .. channel) end
end
`;

/** Lua function: publishes a message on all channels in a field of the record at `key`. */
export const luaPublish = `
local function publish(key, field, message)
  for channel in string.gmatch(redis.call('HGET', key, field) or '', '%S+') do redis.call('PUBLISH', channel, message) end
end
`;

/** Lua function: publishes the outcome of a job to its waiters and followers, and unregisters them. */
export const luaNotify = `${luaPublish}
local function notify(key, message)
  publish(key, 'waiters', message)
  publish(key, 'followers', message)
  redis.call('HDEL', key, 'waiters', 'followers', 'cancel')
end
`;
