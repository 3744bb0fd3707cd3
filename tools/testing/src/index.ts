export { type CallResponse, callAllNodes, createCall, type SendRequest } from './call.ts';
export { startChild, type TestChild } from './child.ts';
export { startFleet, type TestFleet, type TestNode } from './fleet.ts';
export { type ImageName, images } from './images.ts';
export { findLimitsWarning, skipWithoutLimits, skipWithoutRoot } from './limits.ts';
export { testPodman, testPodmanService, testRemotePodman } from './podman.ts';
export { until } from './poll.ts';
export { type RedisKind, readRedisKind, redisKinds } from './redis/kind.ts';
export { type RedisChoice, startRedis, type TestRedis } from './redis/redis.ts';
export { allowFailover } from './redis/sentinel.ts';
export type { RedisServer } from './redis/server.ts';
export { type Service, standaloneUrl, standaloneVariables, startApi, startApp, startService, type TestApi } from './service.ts';
export {
  dockerUrlOf,
  type SharedService,
  sharedContainer,
  sharedCorsOrigins,
  sharedMaxOutputBytes,
  sharedService,
} from './shared-service.ts';
export { prepareStorage, testFolder } from './storage.ts';
