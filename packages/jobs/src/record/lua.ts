/** Lua function: adds a pub/sub channel to a field of the record at `key`. Idempotent. */
export const luaListen = `
local function listen(key, field, pubsub_channel)
  local registered = redis.call('HGET', key, field) or ''
  if not string.find(registered, pubsub_channel, 1, true) then redis.call('HSET', key, field, registered .. ' ' .. pubsub_channel) end
end
`;

/** Lua function: publishes a message on all pub/sub channels in a field of the record at `key`. */
export const luaPublish = `
local function publish(key, field, message)
  for pubsub_channel in string.gmatch(redis.call('HGET', key, field) or '', '%S+') do redis.call('PUBLISH', pubsub_channel, message) end
end
`;

/** Lua function: publishes the outcome of a job to all processes that wait for it or read its output, and unregisters them. */
export const luaNotify = `${luaPublish}
local function notify(key, message)
  publish(key, 'outcome_channels', message)
  publish(key, 'output_channels', message)
  redis.call('HDEL', key, 'outcome_channels', 'output_channels', 'cancel')
end
`;
