export type { Counts, QueueDepth } from './bullmq/depths.ts';
export type { NodeQueue } from './bullmq/queues.ts';
export type { CallbackAttempt, DeliveryParts } from './callbacks/callbacks.ts';
export type { OpenedChannel } from './channel/channels.ts';
export { type Consumer, type ConsumerOptions, consume } from './consumer.ts';
export { type ChannelOpener, createJobs, type JobReader, type Jobs } from './create-jobs.ts';
export type { EndedJob, EndHooks } from './ended-job.ts';
export {
  createOutcome,
  type EndStatus,
  endStatuses,
  exitCodeOf,
  isEndStatus,
  type JobStatus,
  type JobView,
  jobStatuses,
  noWorkerError,
  type Outcome,
} from './job.ts';
export { jobCreatedAtMs, newJobId, parseJobId } from './job-id.ts';
export type { JobType } from './job-type.ts';
export type { OutputEvent } from './output/reader.ts';
export type { JobPage } from './queries/list.ts';
export type { JobState } from './recovery/incomplete-jobs.ts';
export type { Recover } from './recovery/orphans.ts';
export { createSeal, type Seal } from './seal.ts';
export type { Idempotency } from './submit/idempotency.ts';
export type { Requester } from './submit/new-job.ts';
export type { JobSubmitter, PreparedJob, SubmittedJob } from './submit/submit.ts';
export type { Perform, ReceivedJob } from './worker/run-job.ts';
export type { WorkerWatch } from './worker-watch.ts';
