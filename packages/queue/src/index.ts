export { type NodeAnswer, nodeAnswerTimeoutMs } from './client/ask-nodes.ts';
export type { Idempotency } from './client/claim.ts';
export { type ClientOptions, createQueueClient, type QueueClient } from './client/client.ts';
export type { Counts, Depth } from './client/counts.ts';
export type { JobFilter, JobPage } from './client/list.ts';
export type { Asker, Request } from './client/new-job.ts';
export type { Submitted } from './client/submit.ts';
export type { Orphan, Recover } from './dead/orphans.ts';
export type { Entry } from './directory/entry.ts';
export type { Location } from './directory/locate.ts';
export { inUse } from './directory/own-name.ts';
export type { Container, Shelf, Shelved } from './directory/shelf.ts';
export {
  type Birth,
  type EndStatus,
  ended,
  endStatuses,
  exitCodeOf,
  type JobStatus,
  type JobView,
  jobStatuses,
  type OnEnd,
  type Outcome,
} from './job.ts';
export { jobCreatedAt, placeOf } from './names.ts';
export type { Fleet } from './nodes/fleet.ts';
export { noNodes, noWorker } from './nodes/no-worker.ts';
export type { Node } from './nodes/node.ts';
export type { PodmanState, WorkerReport } from './nodes/worker-report.ts';
export { noteEnds, noteForged } from './note-ends.ts';
export type { OutputEvent } from './output/reader.ts';
export type { NodeQueue } from './queues.ts';
export { createRateLimiter, type Rate, type RateLimiter, rateWindow } from './rate-limit.ts';
export { asking, redisAway } from './redis.ts';
export { bounds, countOf, type Distribution } from './tally/distribution.ts';
export type { Slice } from './tally/recent.ts';
export { noTime, type Totals } from './tally/totals.ts';
export { type Consumer, type ConsumerOptions, consume } from './worker/consume.ts';
export type { Perform, ReceivedJob } from './worker/run-job.ts';
