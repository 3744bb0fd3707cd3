import { randomUUID } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import { type RedisClient, withRedisErrors } from '@podman-api/redis';
import type { Tracing } from '@podman-api/runtime';
import { enqueue, type Queues } from '../bullmq/queues.ts';
import { endedNow, isEndStatus, type Outcome } from '../job.ts';
import { newJobId, parseJobId } from '../job-id.ts';
import type { JobType } from '../job-type.ts';
import { keys } from '../keys.ts';
import type { Lane } from '../lanes.ts';
import type { Limits } from '../limits.ts';
import { createRecord } from '../record/create.ts';
import { addInSpan, startAddSpan } from '../spans.ts';
import { type Claim, claimKey, type Idempotency, releaseKey } from './idempotency.ts';
import { createJob, type NewJob, type Requester } from './new-job.ts';
import type { Waiter } from './waiter.ts';
import { type WithdrawParts, withdraw } from './withdraw.ts';

/** What submitting a job needs. */
export interface SubmitParts extends Limits, WithdrawParts {
  readonly redis: RedisClient;
  readonly queues: Queues;
  readonly waiter: Waiter;
  readonly tracing: Tracing;
  /** How many jobs this process is adding now, by the names of their queues. */
  readonly adding: Map<string, number>;
  /** Jobs of which nobody knows whether they were added. */
  readonly doubtful: Set<string>;
}

/** The id and the node of a job that is to be submitted. */
export interface Ticket {
  readonly id: string;
  /** With an Idempotency-Key, the node that the first request chose. */
  readonly node: string;
  /** The claim of its Idempotency-Key. */
  readonly claim: Claim | undefined;
}

/** Takes a ticket for a new job, or for the job that an Idempotency-Key stands for. @throws ApiError (422), see `claimKey`; (503) if Redis is unavailable */
export async function takeTicket(
  { redis, seal, resultTtlSeconds }: Pick<SubmitParts, 'redis' | 'seal' | 'resultTtlSeconds'>,
  lane: Lane,
  node: string,
  idempotency: Idempotency | undefined,
): Promise<Ticket> {
  const id = newJobId(node, lane);
  if (!idempotency) return { id, node, claim: undefined };
  const claim = await withRedisErrors(claimKey(redis, idempotency, seal, id, resultTtlSeconds));
  return { id: claim.jobId, node: parseJobId(claim.jobId)?.node ?? node, claim };
}

/** What a job is submitted with. */
export interface Submission extends Requester {
  readonly type: JobType;
  readonly input: object;
  /** Whether the job is to run whether or not somebody waits for it. */
  readonly detached: boolean;
  /** The name that is reserved in the fleet for what it creates. */
  readonly reservedName?: string | undefined;
  /** Why no new job may be created; one that exists can be joined all the same. */
  readonly refusal?: ApiError | undefined;
  /** Why a new job must fail at once; it is recorded like any other. */
  readonly rejection?: ApiError | undefined;
}

/** A job that was added. */
export interface Submitted {
  readonly id: string;
  /** Whether it had ended before. */
  readonly hasEnded: boolean;
  /** How it ended; `undefined` if the wait ended first and the job goes on. */
  readonly outcome: Promise<Outcome | undefined>;
}

/**
 * Adds a job and waits for it until a signal is aborted. One that no worker has begun by then is withdrawn, unless it is
 * detached.
 * @returns `undefined` if the job of the Idempotency-Key has just expired: take another ticket
 * @throws ApiError (503, 413) if it was refused, or Redis is unavailable
 */
export async function submit(
  parts: SubmitParts,
  ticket: Ticket,
  submission: Submission,
  signal: AbortSignal,
): Promise<Submitted | undefined> {
  const { redis, seal, waiter, tracing } = parts;
  const { id, node, claim } = ticket;
  const { type, input, request_id, token, reservedName, detached } = submission;
  const span = startAddSpan(tracing, node, type.lane, id);
  const spec = { id, node, type, input, request_id, token, claim: claim?.redisKey, reservedName, traceContext: span.context };
  const job = createJob(seal, spec);
  const caller = claim && (detached ? 'detached' : randomUUID());
  const outcome = detached ? undefined : waiter.wait(id, signal);
  let status: string;
  try {
    status = await addInSpan(span, () => withRedisErrors(add(parts, ticket, submission, job, caller)));
    if (status === 'gone') {
      waiter.forget(id);
      if (claim) await withRedisErrors(releaseKey(redis, claim.redisKey, id));
      return undefined;
    }
    waiter.noteAdded(id);
    if (isEndStatus(status)) waiter.refresh(id);
  } catch (error) {
    waiter.forget(id);
    throw await undo(parts, ticket, caller, error);
  }
  return { id, hasEnded: isEndStatus(status), outcome: awaitOutcome(parts, id, outcome, caller) };
}

/** Undoes what a failed submission may have left. @returns the error for the caller */
async function undo(parts: SubmitParts, { id, claim }: Ticket, caller: string | undefined, error: unknown): Promise<unknown> {
  if (claim) {
    if (error instanceof Refused) await withRedisErrors(releaseKey(parts.redis, claim.redisKey, id));
    else withdraw(parts, id, { waiter: caller }).catch(() => {});
    return error;
  }
  if (isNothingAdded(error)) return error;
  void withdrawDoubtful(parts, id);
  return error instanceof ApiError ? error.with({ job: { id } }) : error;
}

/**
 * Withdraws a job that may or may not have been added when Redis stopped answering: nobody waits for it, so it must not run.
 * The first attempt goes down the same connection, right behind the job if that is still on its way; failed ones are
 * repeated when Redis is back, see `endAbandonedJobs`.
 */
export async function withdrawDoubtful(parts: WithdrawParts & Pick<SubmitParts, 'doubtful'>, id: string): Promise<void> {
  parts.doubtful.add(id);
  await withdraw(parts, id).then(
    () => parts.doubtful.delete(id),
    () => {},
  );
}

/** Creates the record, then BullMQ's job. Both are safe to repeat, and may end what another process has begun. */
async function add(parts: SubmitParts, ticket: Ticket, submission: Submission, job: NewJob, caller: string | undefined): Promise<string> {
  const { redis, queues, resultTtlSeconds, maxQueue, maxQueueBytes, adding, waiter } = parts;
  const { id, claim } = ticket;
  const { type, refusal, rejection, detached } = submission;
  const { data, sealed, inputBytes } = job;
  const queue = queues.of(data.node, type.lane);
  // Jobs on their way take room too, before BullMQ counts them.
  const others = adding.get(queue.name) ?? 0;
  adding.set(queue.name, others + 1);
  try {
    const status = await createRecord(redis, {
      id,
      data,
      sealed,
      channel: detached ? undefined : waiter.channel,
      waiter: caller,
      waitingKey: queue.toKey('wait'),
      room: refusal ? 0 : maxQueue - others,
      inputBytes,
      maxQueueBytes,
      joinOnly: claim?.hasEnded ?? false,
      resultTtlSeconds,
    });
    if (status === 'full') throw new Refused('ServiceUnavailableError', refusal?.message ?? queueFull(data.node, maxQueue));
    if (status === 'large') throw inputTooLarge(data.node, inputBytes, maxQueueBytes);
    if (status !== 'queued') return status;
    if (rejection) {
      const outcome = await withdraw(parts, id, { outcome: endedNow('failed', { error: rejection.toJSON() }) });
      return outcome?.status ?? status;
    }
    await Promise.all([enqueue(queue, id, data, resultTtlSeconds), redis.zadd(keys.jobs, Date.parse(data.created_at), id)]);
    return status;
  } finally {
    adding.set(queue.name, (adding.get(queue.name) ?? 1) - 1);
  }
}

/** An error before anything was added. */
export class Refused extends ApiError {}

function queueFull(node: string, maxQueue: number): string {
  return `The queue of the node ${node} is full (MAX_QUEUE=${maxQueue}); nothing was added. Send the request again later.`;
}

function inputTooLarge(node: string, inputBytes: number, maxQueueBytes: number): Refused {
  const limit = `MAX_QUEUE_BYTES=${maxQueueBytes}`;
  if (inputBytes > maxQueueBytes) return new Refused('PayloadTooLargeError', `The input is larger than ${limit} lets wait: send less.`);
  const message = `The large inputs that wait on the node ${node} take all of ${limit}; nothing was added. Send the request again later.`;
  return new Refused('ServiceUnavailableError', message);
}

/** Whether it is certain that nothing was added: it was refused, or never left this process (by ioredis's error text). */
function isNothingAdded(error: unknown): boolean {
  return (
    error instanceof Refused ||
    (error instanceof Error && error.cause instanceof Error && /^Stream isn't writeable/.test(error.cause.message))
  );
}

async function awaitOutcome(
  parts: WithdrawParts,
  id: string,
  outcome: Promise<Outcome | undefined> | undefined,
  caller: string | undefined,
): Promise<Outcome | undefined> {
  return outcome && ((await outcome) ?? withRedisErrors(withdraw(parts, id, { waiter: caller })));
}
