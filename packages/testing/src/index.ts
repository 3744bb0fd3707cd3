export { type Answer, type Call, caller } from './call.ts';
export { startChild, type TestChild } from './child.ts';
export { type ImageName, images } from './images.ts';
export { testPodman } from './podman.ts';
export { until } from './poll.ts';
export { startRedis, type TestRedis } from './redis.ts';
export { type Service, standaloneUrl, standaloneVariables, startApi, startApp, startService, type TestApi } from './service.ts';
export { prepareStorage, testFolder } from './storage.ts';
