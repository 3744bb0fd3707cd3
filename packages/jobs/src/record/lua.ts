/** Lua function: tells whether a status is final. */
export const luaIsEnd = "local function is_end(status) return status and status ~= 'queued' and status ~= 'running' end\n";

/** Lua function: adds a channel to those in a field of the record at `key`, once. */
export const luaListen = `
local function listen(key, field, channel)
  local there = redis.call('HGET', key, field) or ''
  if not string.find(there, channel, 1, true) then redis.call('HSET', key, field, there .. ' ' .. channel) end
end
`;

/** Lua function: publishes a message on all channels in a field of the record at `key`. */
export const luaPublish = `
local function publish(key, field, message)
  for channel in string.gmatch(redis.call('HGET', key, field) or '', '%S+') do redis.call('PUBLISH', channel, message) end
end
`;

/** Lua function: publishes the last message about a job to everyone who waits for it or follows its output. */
export const luaTell = `${luaPublish}
local function tell(key, message)
  publish(key, 'waiters', message)
  publish(key, 'followers', message)
  redis.call('HDEL', key, 'waiters', 'followers', 'cancel')
end
`;
