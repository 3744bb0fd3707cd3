export { createBlockingClient, createFailFastClient, onReconnect, type RedisClient } from './client.ts';
export { isCommandTimeout, isNotSent, redisUnavailable, withRedisErrors } from './errors.ts';
export { fleetTag, keyPrefix, nodeTag } from './keys.ts';
export { parseAnswer, runScript } from './script.ts';
export { type RedisSettings, watchSettings } from './settings.ts';
