import { type RedisClient, withRedisErrors } from '@podman-api/redis';
import { type CallbackData, type DeliveryResult, openCallbackQueue, startCallbackWorker } from '../bullmq/callback-queue.ts';
import type { EndedJob, EndHooks } from '../ended-job.ts';
import type { JobView } from '../job.ts';
import { keys } from '../keys.ts';
import type { Seal } from '../seal.ts';

/** Time after the end of a job within which its callback is tried. */
const callbackWindowSeconds = 3600;
/** The record of a job with a callback is kept five minutes longer than that, because the callback sends it. */
const recordTtlSeconds = callbackWindowSeconds + 300;

/** Interval at which a delivery checks whether its job has ended, in case the process that ended the job has died. */
const checkIntervalMs = 15_000;
/** Pauses between attempts: 2 s, doubled each time. */
const firstPauseMs = 2000;
const maxPauseMs = 600_000;
/** Maximum number of concurrent attempts in one process. */
const maxConcurrentAttempts = 10;

/** Deliveries of callbacks, for the processes that add and end jobs. */
export interface Callbacks {
  /** Adds the delivery of a job's callback; it waits for the end of the job. Idempotent. */
  add(job: string, url: string): Promise<void>;
  /** Begins the delivery of the callback of an ended job, if it has one. Call it when the outcome is stored. */
  onStored(ended: EndedJob): Promise<void>;
}

/** Opens the deliveries of callbacks. @param resultTtlSeconds time after which the record of an ended job expires */
export function openCallbacks(redis: RedisClient, seal: Pick<Seal, 'seal'>, resultTtlSeconds: number): Callbacks {
  const queue = openCallbackQueue(redis);
  return {
    async add(job, url) {
      const sealed = seal.seal(Buffer.from(url), job).toString('base64');
      await queue.add({ job, url: sealed, attempts: 0 }, checkIntervalMs, Math.max(resultTtlSeconds, recordTtlSeconds));
    },
    async onStored({ id, job }) {
      if (!job.callback) return;
      if (resultTtlSeconds < recordTtlSeconds) await redis.expire(keys.record(id), recordTtlSeconds);
      await queue.promote(id);
    },
  };
}

/** Returns hooks that also begin the deliveries of the callbacks of ended jobs. */
export function withCallbacks(hooks: EndHooks, callbacks: Callbacks): EndHooks {
  return {
    onEnd: hooks.onEnd,
    async onStored(ended, isStored) {
      await Promise.all([hooks.onStored(ended, isStored), callbacks.onStored(ended)]);
    },
  };
}

/** One attempt to deliver a callback. */
export interface CallbackAttempt {
  readonly url: string;
  readonly job: JobView;
  /** 1 for the first. */
  readonly number: number;
  /** Whether no other attempt follows if this one fails. */
  readonly isLast: boolean;
}

/** Dependencies for delivering callbacks. */
export interface DeliveryParts {
  /** A connection whose commands wait while Redis is unavailable. */
  readonly redis: RedisClient;
  readonly seal: Pick<Seal, 'open'>;
  /** Reads a job; `undefined` if it does not exist or has expired. */
  readonly read: (id: string) => Promise<JobView | undefined>;
  /** Sends a callback. @returns whether it was delivered, is to be tried again, or must not be sent */
  readonly send: (attempt: CallbackAttempt) => Promise<'delivered' | 'failed' | 'refused'>;
  /** Called with the id of each job whose callback cannot be sent, and the reason. */
  readonly onUndeliverable: (job: string, why: string) => void;
}

/** Delivers callbacks until it is closed. Several processes share the deliveries. */
export function deliverCallbacks(parts: DeliveryParts): { close(): Promise<void> } {
  return startCallbackWorker(parts.redis, maxConcurrentAttempts, data => deliver(parts, data));
}

async function deliver(
  { seal, read, send, onUndeliverable }: DeliveryParts,
  { job: id, url, attempts }: CallbackData,
): Promise<DeliveryResult> {
  const giveUp = (reason: string) => {
    onUndeliverable(id, reason);
    return { failure: reason };
  };
  const job = await withRedisErrors(read(id));
  if (!job) return giveUp('the record of the job has expired');
  if (!job.outcome) return { retryAtMs: Date.now() + checkIntervalMs, attempts };
  const nextAtMs = Date.now() + pauseAfterMs(attempts + 1);
  const isLast = nextAtMs > Date.parse(job.outcome.finished_at) + callbackWindowSeconds * 1000;
  const opened = openUrl(seal, url, id);
  if (opened === undefined) return giveUp('it was sealed with another SECRET_KEY');
  const result = await send({ url: opened, job, number: attempts + 1, isLast });
  if (result === 'delivered') return 'done';
  return isLast || result === 'refused' ? { failure: result } : { retryAtMs: nextAtMs, attempts: attempts + 1 };
}

/** Returns the pause after a number of failed attempts, in ms. */
function pauseAfterMs(attempts: number): number {
  return Math.min(firstPauseMs * 2 ** (attempts - 1), maxPauseMs);
}

function openUrl(seal: Pick<Seal, 'open'>, url: string, job: string): string | undefined {
  try {
    return seal.open(Buffer.from(url, 'base64'), job).toString();
  } catch {
    return undefined;
  }
}
