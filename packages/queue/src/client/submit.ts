import { randomUUID } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import type { Operation } from '@podman-api/operations';
import type { Outcome } from '../job.ts';
import { keys, newJobId } from '../names.ts';
import { enter } from '../record/enter.ts';
import { isEnd } from '../record/record.ts';
import { asking } from '../redis.ts';
import { type Claim, claim, freeClaim } from './claim.ts';
import type { ClientParts } from './client.ts';
import { type NewJob, newJob, type Request } from './new-job.ts';
import { takeBack, withdraw } from './withdraw.ts';

/** A job that was added. */
export interface Submitted {
  readonly id: string;
  /** How it ended; nothing where the wait ended first and the job runs on. */
  readonly ended: Promise<Outcome | undefined>;
}

/** See `QueueClient.submit`. */
export async function submit(
  parts: ClientParts,
  operation: Operation,
  input: object,
  request: Request,
  signal: AbortSignal,
): Promise<Submitted> {
  const id = newJobId(request.node, operation.lane);
  const claimed = request.idempotency && (await asking(claim(parts.redis, request.idempotency, parts.seal.fingerprint, id)));
  return claimed ? join(parts, operation, input, request, claimed, signal) : start(parts, operation, input, request, id, signal);
}

/** Adds a job of this request alone. */
async function start(
  parts: ClientParts,
  operation: Operation,
  input: object,
  request: Request,
  id: string,
  signal: AbortSignal,
): Promise<Submitted> {
  const job = newJob(parts, operation, input, request, { id, claim: undefined });
  const ended = request.detached ? undefined : parts.waiter.wait(id, signal);
  try {
    await asking(add(parts, operation, id, job, ended && parts.waiter.channel, undefined));
  } catch (error) {
    parts.waiter.forget(id);
    if (!isRefusal(error)) takeBack(parts, id);
    throw error instanceof ApiError && !isRefusal(error) ? error.with({ job: { id, status: 'unknown' } }) : error;
  }
  return { id, ended: outcomeOf(parts, id, ended, undefined) };
}

/** Adds the job that an Idempotency-Key stands for, where nobody has yet, and waits for it with all others. */
async function join(
  parts: ClientParts,
  operation: Operation,
  input: object,
  request: Request,
  { place, id }: Claim,
  signal: AbortSignal,
): Promise<Submitted> {
  const job = newJob(parts, operation, input, request, { id, claim: place });
  const who = request.detached ? 'nobody in particular' : randomUUID();
  const ended = request.detached ? undefined : parts.waiter.wait(id, signal);
  try {
    const status = await asking(add(parts, operation, id, job, ended && parts.waiter.channel, who));
    if (isEnd(status)) parts.waiter.refresh(id);
  } catch (error) {
    parts.waiter.forget(id);
    if (isRefusal(error)) await asking(freeClaim(parts.redis, place, id));
    throw error;
  }
  return { id, ended: outcomeOf(parts, id, ended, who) };
}

/**
 * Makes the record, then BullMQ's job, which does nothing where there is one with this id: whoever repeats this, or
 * ends what another has begun, adds nothing twice.
 */
async function add(
  parts: ClientParts,
  operation: Operation,
  id: string,
  job: NewJob,
  channel: string | undefined,
  waiter: string | undefined,
): Promise<string> {
  // Those on their way take room too, before BullMQ counts them.
  parts.adding += 1;
  try {
    return await addNow(parts, operation, id, job, channel, waiter);
  } finally {
    parts.adding -= 1;
  }
}

async function addNow(
  { redis, queues, resultTtl, maxQueue, adding }: ClientParts,
  operation: Operation,
  id: string,
  { data, sealed }: NewJob,
  channel: string | undefined,
  waiter: string | undefined,
): Promise<string> {
  const queue = queues.of(data.node, operation.lane);
  const room = maxQueue - (adding - 1);
  const status = await enter(redis, { id, data, sealed, channel, waiter, waiting: queue.toKey('wait'), room, resultTtl });
  if (status === 'full') throw new QueueFull(data.node, maxQueue);
  if (status !== 'queued') return status;
  const options = { jobId: id, attempts: 1, stackTraceLimit: 0, removeOnComplete: { age: resultTtl }, removeOnFail: { age: resultTtl } };
  await Promise.all([queue.add(operation.name, data, options), redis.zadd(keys.jobs, Date.parse(data.created_at), id)]);
  return status;
}

/** The 503 of a queue without room; nothing was added. */
class QueueFull extends ApiError {
  constructor(node: string, maxQueue: number) {
    const message = `The queue of the node ${node} is full (MAX_QUEUE=${maxQueue}); nothing was added. Send the request again later.`;
    super('ServiceUnavailableError', message);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof QueueFull;
}

async function outcomeOf(
  parts: ClientParts,
  id: string,
  ended: Promise<Outcome | undefined> | undefined,
  who: string | undefined,
): Promise<Outcome | undefined> {
  return ended && ((await ended) ?? asking(withdraw(parts, id, { who })));
}
