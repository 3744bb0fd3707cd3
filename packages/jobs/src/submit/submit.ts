import { randomUUID } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import { isNotSent, type RedisClient, withRedisErrors } from '@podman-api/redis';
import type { Tracing } from '@podman-api/runtime';
import { enqueue, type Queues } from '../bullmq/queues.ts';
import type { Callbacks } from '../callbacks/callbacks.ts';
import { holdJob, holdTimeoutMs } from '../fair-share/held-jobs.ts';
import { createOutcome, isEndStatus, type JobStatus, type Outcome } from '../job.ts';
import { newJobId, parseJobId } from '../job-id.ts';
import type { JobType } from '../job-type.ts';
import { keys } from '../keys.ts';
import type { Lane } from '../lanes.ts';
import type { Limits } from '../limits.ts';
import { createRecord } from '../record/create.ts';
import { addInSpan, startAddSpan } from '../spans.ts';
import { claimKey, type Idempotency, type KeyClaim, releaseKey } from './idempotency.ts';
import { createJob, type NewJob, type Requester } from './new-job.ts';
import type { Waiter } from './waiter.ts';
import { type UncertainParts, type WithdrawParts, withdraw, withdrawUncertain } from './withdraw.ts';

/** Dependencies for submitting jobs. */
export interface SubmitParts extends Limits, UncertainParts {
  readonly redis: RedisClient;
  readonly queues: Queues;
  readonly callbacks: Pick<Callbacks, 'add'>;
  readonly waiter: Waiter;
  readonly tracing: Tracing;
  /** Whether several tokens share the slots of the workers. */
  readonly isShared: () => boolean;
  /** Number of jobs that this process is currently adding, by queue name. */
  readonly pendingAddCounts: Map<string, number>;
}

/** The id and the node of a job to be submitted. */
export interface PreparedJob {
  readonly id: string;
  /** With an Idempotency-Key: the node of the first request. */
  readonly node: string;
  /** The claim of its Idempotency-Key. */
  readonly claim: KeyClaim | undefined;
}

async function prepareJob(
  { redis, seal, resultTtlSeconds }: Pick<SubmitParts, 'redis' | 'seal' | 'resultTtlSeconds'>,
  lane: Lane,
  node: string,
  idempotency: Idempotency | undefined,
): Promise<PreparedJob> {
  const id = newJobId(node, lane);
  if (!idempotency) return { id, node, claim: undefined };
  const claim = await withRedisErrors(claimKey(redis, idempotency, seal, id, resultTtlSeconds));
  return { id: claim.jobId, node: parseJobId(claim.jobId)?.node ?? node, claim };
}

/** Parameters of a submission. */
export interface Submission extends Requester {
  readonly type: JobType;
  readonly input: object;
  /** Whether the job runs even if no caller waits for it. */
  readonly isDetached: boolean;
  /** The name that is reserved in the fleet for the container that the job creates. */
  readonly reservedName?: string | undefined;
  /** The URL to which the job is sent when it has ended. */
  readonly callbackUrl?: string | undefined;
  /** Error if no new job may be added; an existing job can still be joined. */
  readonly admissionError?: ApiError | undefined;
  /** Error with which a new job fails at once; the job is recorded like any other. */
  readonly immediateFailure?: ApiError | undefined;
}

/** A job that was added or joined. */
export interface SubmittedJob {
  readonly id: string;
  /** Whether the job had already ended. */
  readonly hasEnded: boolean;
  /** The outcome; `undefined` if the wait ended first and the job continues. */
  readonly outcome: Promise<Outcome | undefined>;
}

/** Submits jobs. */
export interface JobSubmitter {
  /**
   * Chooses the id of a new job, or that of the job that was created with an Idempotency-Key.
   * @throws ApiError (422) if the key was used for a different request; (503) if Redis is unavailable
   */
  prepareJob(lane: Lane, node: string, idempotency: Idempotency | undefined): Promise<PreparedJob>;
  /**
   * Adds a job and waits for it until a signal is aborted. If no worker has begun it by then, it is withdrawn, unless it is
   * detached.
   * @returns `undefined` if the job of the Idempotency-Key has just expired: prepare a new one
   * @throws ApiError (503, 413) if it was not added, or Redis is unavailable
   */
  submit(prepared: PreparedJob, submission: Submission, signal: AbortSignal): Promise<SubmittedJob | undefined>;
  /** Whether an error of `submit` means that nothing was added. */
  isNotAdded(error: unknown): boolean;
}

/** Creates the submitter of an API process. */
export function createSubmitter(parts: SubmitParts): JobSubmitter {
  return {
    prepareJob: (lane, node, idempotency) => prepareJob(parts, lane, node, idempotency),
    submit: (prepared, submission, signal) => submit(parts, prepared, submission, signal),
    isNotAdded: error => error instanceof NotAddedError,
  };
}

async function submit(
  parts: SubmitParts,
  prepared: PreparedJob,
  submission: Submission,
  signal: AbortSignal,
): Promise<SubmittedJob | undefined> {
  const { redis, seal, waiter, tracing } = parts;
  const { id, node, claim } = prepared;
  const { type, input, request_id, token, reservedName, callbackUrl, isDetached } = submission;
  const span = startAddSpan(tracing, node, type.lane, id);
  const origin = { request_id, token, claim: claim?.redisKey, reservedName, hasCallback: callbackUrl !== undefined };
  const spec = { id, node, type, input, ...origin, traceContext: span.context };
  const job = createJob(seal, spec);
  const callerId = claim && (isDetached ? 'detached' : randomUUID());
  const outcome = isDetached ? undefined : waiter.wait(id, signal);
  let status: JobStatus | 'gone';
  try {
    status = await addInSpan(span, () => withRedisErrors(add(parts, prepared, submission, job, callerId)));
    if (status === 'gone') {
      waiter.forget(id);
      if (claim) await withRedisErrors(releaseKey(redis, claim.redisKey, id));
      return undefined;
    }
    waiter.recordAdded(id);
    if (isEndStatus(status)) waiter.refresh(id);
  } catch (error) {
    waiter.forget(id);
    throw await rollbackSubmit(parts, prepared, callerId, error);
  }
  return { id, hasEnded: isEndStatus(status), outcome: awaitOutcome(parts, id, outcome, callerId) };
}

/** Rolls back a failed submission. @returns the error for the caller */
async function rollbackSubmit(
  parts: SubmitParts,
  { id, claim }: PreparedJob,
  callerId: string | undefined,
  error: unknown,
): Promise<unknown> {
  if (claim) {
    if (error instanceof NotAddedError) await withRedisErrors(releaseKey(parts.redis, claim.redisKey, id));
    else void withdrawUncertain(parts, id, callerId);
    return error;
  }
  if (isCertainlyNotAdded(error)) return error;
  void withdrawUncertain(parts, id);
  return error instanceof ApiError ? error.withFields({ job: { id } }) : error;
}

/**
 * Creates the record, then BullMQ's job. Both are idempotent and may complete what another process has started.
 * @returns the job's status; `gone` if the record to join has expired
 */
async function add(
  parts: SubmitParts,
  prepared: PreparedJob,
  submission: Submission,
  job: NewJob,
  callerId: string | undefined,
): Promise<JobStatus | 'gone'> {
  const { redis, queues, resultTtlSeconds, maxQueue, maxQueueBytes, pendingAddCounts, waiter, callbacks, isShared } = parts;
  const { id, claim } = prepared;
  const { type, admissionError, immediateFailure, callbackUrl, isDetached } = submission;
  const { data, sealed, inputBytes } = job;
  const queue = queues.of(data.node, type.lane);
  const sharingToken = isShared() ? (data.token ?? undefined) : undefined;
  // Jobs that are being added count as well, because BullMQ does not count them yet.
  const others = pendingAddCounts.get(queue.name) ?? 0;
  pendingAddCounts.set(queue.name, others + 1);
  try {
    const status = await createRecord(redis, {
      id,
      data,
      sealed,
      outcomeChannel: isDetached ? undefined : waiter.outcomeChannel,
      callerId,
      maxWaitingJobs: admissionError ? 0 : maxQueue - others,
      sharingToken,
      inputBytes,
      maxQueueBytes,
      isJoinOnly: claim?.hasEnded ?? false,
      resultTtlSeconds,
    });
    if (status === 'full')
      throw new NotAddedError('ServiceUnavailableError', admissionError?.message ?? queueFullMessage(data.node, maxQueue));
    if (status === 'large') throw inputTooLargeError(data.node, inputBytes, maxQueueBytes);
    const isHeld = status === 'held';
    if (status !== 'queued' && !isHeld) return status;
    // Before the job can end, so that no end is missed.
    if (callbackUrl !== undefined) await callbacks.add(id, callbackUrl);
    if (immediateFailure) {
      const outcome = await withdraw(parts, id, { outcome: createOutcome('failed', { error: immediateFailure.toJSON() }) });
      return outcome?.status ?? 'queued';
    }
    const delayMs = isHeld ? holdTimeoutMs : 0;
    await Promise.all([enqueue(queue, id, data, resultTtlSeconds, delayMs), redis.zadd(keys.jobs, Date.parse(data.created_at), id)]);
    if (isHeld) await holdJob(redis, id, data.token ?? '');
    return 'queued';
  } finally {
    pendingAddCounts.set(queue.name, (pendingAddCounts.get(queue.name) ?? 1) - 1);
  }
}

/** An error that was thrown before anything was added. */
class NotAddedError extends ApiError {}

function queueFullMessage(node: string, maxQueue: number): string {
  return `The queue of the node ${node} is full (MAX_QUEUE=${maxQueue}); nothing was added. Send the request again later.`;
}

function inputTooLargeError(node: string, inputBytes: number, maxQueueBytes: number): NotAddedError {
  const limit = `MAX_QUEUE_BYTES=${maxQueueBytes}`;
  if (inputBytes > maxQueueBytes)
    return new NotAddedError('PayloadTooLargeError', `The input is larger than ${limit} allows: send a smaller input.`);
  const message = `The large inputs that wait on the node ${node} use up ${limit}; nothing was added. Send the request again later.`;
  return new NotAddedError('ServiceUnavailableError', message);
}

/** Whether it is certain that nothing was added: the job was rejected, or ioredis did not send the command. */
function isCertainlyNotAdded(error: unknown): boolean {
  return error instanceof NotAddedError || (error instanceof Error && isNotSent(error.cause));
}

async function awaitOutcome(
  parts: WithdrawParts,
  id: string,
  outcome: Promise<Outcome | undefined> | undefined,
  callerId: string | undefined,
): Promise<Outcome | undefined> {
  return outcome && ((await outcome) ?? withRedisErrors(withdraw(parts, id, { callerId })));
}
