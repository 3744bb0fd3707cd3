import { randomUUID } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import type { Task } from '@podman-api/operations';
import { ownName } from '../directory/own-name.ts';
import { ended, type Outcome } from '../job.ts';
import { keys, newJobId, placeOf } from '../names.ts';
import { enter } from '../record/enter.ts';
import { isEnd } from '../record/record.ts';
import { asking } from '../redis.ts';
import { addWithin, startAdding } from '../spans.ts';
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
  operation: Task,
  input: object,
  request: Request,
  signal: AbortSignal,
): Promise<Submitted> {
  const id = newJobId(request.node, operation.lane);
  const claimed = request.idempotency && (await asking(claim(parts.redis, request.idempotency, parts.seal, id, parts.resultTtl)));
  return claimed ? join(parts, operation, input, request, claimed, signal) : start(parts, operation, input, request, id, signal);
}

/** Adds a job of this request alone. */
async function start(
  parts: ClientParts,
  operation: Task,
  input: object,
  request: Request,
  id: string,
  signal: AbortSignal,
): Promise<Submitted> {
  const span = startAdding(parts.tracing, request.node, operation.lane, id);
  const job = newJob(parts, operation, input, request, { id, claim: undefined, place: span.context });
  const ended = request.detached ? undefined : parts.waiter.wait(id, signal);
  try {
    const addition = { id, job, channel: ended && parts.waiter.channel, waiter: undefined, refusal: request.refusal };
    await addWithin(span, () => asking(add(parts, operation, input, addition)));
    parts.waiter.noteAdded(id);
  } catch (error) {
    parts.waiter.forget(id);
    if (addedNothing(error)) throw error;
    void takeBack(parts, id);
    throw error instanceof ApiError ? error.with({ job: { id } }) : error;
  }
  return { id, ended: outcomeOf(parts, id, ended, undefined) };
}

/** Adds the job that an Idempotency-Key stands for, where nobody has yet, and waits for it with all others. */
async function join(
  parts: ClientParts,
  operation: Task,
  input: object,
  request: Request,
  { place, id, hasEnded }: Claim,
  signal: AbortSignal,
): Promise<Submitted> {
  // Whoever came first has chosen the node, too.
  const node = placeOf(id)?.node ?? request.node;
  const span = startAdding(parts.tracing, node, operation.lane, id);
  const job = newJob(parts, operation, input, { ...request, node }, { id, claim: place, place: span.context });
  const who = request.detached ? 'nobody in particular' : randomUUID();
  const ended = request.detached ? undefined : parts.waiter.wait(id, signal);
  try {
    const addition = { id, job, channel: ended && parts.waiter.channel, waiter: who, refusal: request.refusal, joinOnly: hasEnded };
    const status = await addWithin(span, () => asking(add(parts, operation, input, addition)));
    if (status === 'gone') {
      parts.waiter.forget(id);
      await asking(freeClaim(parts.redis, place, id));
      return submit(parts, operation, input, request, signal);
    }
    parts.waiter.noteAdded(id);
    if (isEnd(status)) parts.waiter.refresh(id);
  } catch (error) {
    parts.waiter.forget(id);
    if (error instanceof Refused) await asking(freeClaim(parts.redis, place, id));
    else withdraw(parts, id, { who }).catch(() => {});
    throw error;
  }
  return { id, ended: outcomeOf(parts, id, ended, who) };
}

/** A job on its way in. */
interface Addition {
  readonly id: string;
  readonly job: NewJob;
  /** Where its outcome is told. */
  readonly channel: string | undefined;
  /** Who waits, where several may. */
  readonly waiter: string | undefined;
  readonly refusal: ApiError | undefined;
  /** See `Entry` of record/enter.ts. */
  readonly joinOnly?: boolean;
}

/**
 * Makes the record, then BullMQ's job, which does nothing where there is one with this id: whoever repeats this, or
 * ends what another has begun, adds nothing twice.
 */
async function add(parts: ClientParts, operation: Task, input: object, { id, job, refusal, ...rest }: Addition): Promise<string> {
  const { redis, queues, resultTtl, maxQueue, maxQueueBytes, adding } = parts;
  const { data, sealed, inputBytes } = job;
  const queue = queues.of(data.node, operation.lane);
  // Those on their way take room too, before BullMQ counts them.
  const others = adding.get(queue.name) ?? 0;
  const room = refusal ? 0 : maxQueue - others;
  adding.set(queue.name, others + 1);
  try {
    const size = { inputBytes, maxQueueBytes };
    const status = await enter(redis, { id, data, sealed, ...rest, waiting: queue.toKey('wait'), room, ...size, resultTtl });
    if (status === 'full') throw new Refused('ServiceUnavailableError', refusal?.message ?? full(data.node, maxQueue));
    if (status === 'large') throw noRoom(data.node, inputBytes, maxQueueBytes);
    if (status !== 'queued') return status;
    const name = operation.makes?.(input);
    const taken = name === undefined ? undefined : await ownName(parts, { name, node: data.node, job: id }, data);
    if (taken) {
      const outcome = await withdraw(parts, id, { outcome: ended('failed', { error: taken.toJSON() }) });
      return outcome?.status ?? status;
    }
    const options = { jobId: id, attempts: 1, stackTraceLimit: 0, removeOnComplete: { age: resultTtl }, removeOnFail: { age: resultTtl } };
    await Promise.all([queue.add(operation.name, data, options), redis.zadd(keys.jobs, Date.parse(data.created_at), id)]);
    return status;
  } finally {
    adding.set(queue.name, (adding.get(queue.name) ?? 1) - 1);
  }
}

/** An answer before anything was added. */
class Refused extends ApiError {}

function full(node: string, maxQueue: number): string {
  return `The queue of the node ${node} is full (MAX_QUEUE=${maxQueue}); nothing was added. Send the request again later.`;
}

function noRoom(node: string, inputBytes: number, maxQueueBytes: number): Refused {
  const limit = `MAX_QUEUE_BYTES=${maxQueueBytes}`;
  if (inputBytes > maxQueueBytes) return new Refused('PayloadTooLargeError', `The input is larger than ${limit} lets wait: send less.`);
  const message = `The large inputs that wait on the node ${node} take all of ${limit}; nothing was added. Send the request again later.`;
  return new Refused('ServiceUnavailableError', message);
}

/** Whether it is certain that nothing was added: it was refused, or never left this process (ioredis's words). */
function addedNothing(error: unknown): boolean {
  return (
    error instanceof Refused ||
    (error instanceof Error && error.cause instanceof Error && /^Stream isn't writeable/.test(error.cause.message))
  );
}

async function outcomeOf(
  parts: ClientParts,
  id: string,
  ended: Promise<Outcome | undefined> | undefined,
  who: string | undefined,
): Promise<Outcome | undefined> {
  return ended && ((await ended) ?? asking(withdraw(parts, id, { who })));
}
