import type { RedisClient } from '@podman-api/redis';
import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';

/** The data of a delivery: the callback of one job. */
export interface CallbackData {
  /** The id of the job that the callback is about. */
  readonly job: string;
  /** The URL, sealed because it may contain a token; base64. */
  readonly url: string;
  /** Failed attempts. */
  readonly attempts: number;
}

/** Result of an attempt: delivered, to be tried again at a time (ms since 1970), or failed permanently. */
export type DeliveryResult = 'done' | { readonly retryAtMs: number; readonly attempts: number } | { readonly failure: string };

const queueName = 'podman-api-callbacks';
const prefix = 'bull:{callbacks}';
/** BullMQ refuses ids with colons. The id is that of the job, so that a job has one delivery however often it is added. */
const deliveryId = (job: string) => `callback_${job}`;
/** Length of BullMQ's event stream, which nothing here reads. */
const maxEvents = 100;
/** Other processes take over the deliveries of a process that died, any number of times. */
const maxStalledCount = 1_000_000;
/** BullMQ's pause after an error. */
const retryDelayMs = 500;

/** The deliveries of callbacks, as jobs of BullMQ that survive the end of every process. */
export interface CallbackQueue {
  /** Adds a delivery that begins after a delay; BullMQ keeps it for `ttlSeconds` after its end. Does nothing if the job has one. */
  add(data: CallbackData, delayMs: number, ttlSeconds: number): Promise<void>;
  /** Ends the delay of a job's delivery. Does nothing if the delivery has begun. */
  promote(job: string): Promise<void>;
}

/** Opens the queue of deliveries. */
export function openCallbackQueue(redis: RedisClient): CallbackQueue {
  const queue: Queue<CallbackData, string> = new Queue(queueName, {
    connection: redis,
    prefix,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: maxEvents } },
  });
  // Failures reach callers as rejected promises.
  queue.on('error', () => {});
  return {
    async add(data, delayMs, ttlSeconds) {
      const keep = { age: ttlSeconds };
      const options = { jobId: deliveryId(data.job), delay: delayMs, attempts: 1, stackTraceLimit: 0 };
      await queue.add('callback', data, { ...options, removeOnComplete: keep, removeOnFail: keep });
    },
    async promote(job) {
      const delivery = await queue.getJob(deliveryId(job));
      // Fails if the delivery is not delayed, which means that it has begun.
      if (await delivery?.isDelayed()) await delivery?.promote().catch(() => {});
    },
  };
}

/** Runs the deliveries that are due. */
export interface CallbackWorker {
  /** Stops; resolves when the current attempts have ended. */
  close(): Promise<void>;
}

/** Starts to run deliveries. @param concurrency attempts at the same time */
export function startCallbackWorker(
  redis: RedisClient,
  concurrency: number,
  run: (data: CallbackData) => Promise<DeliveryResult>,
): CallbackWorker {
  const process = async (delivery: Job<CallbackData, string>, token?: string) => {
    const result = await run(delivery.data);
    if (result === 'done') return 'delivered';
    if ('failure' in result) throw new UnrecoverableError(result.failure);
    await delivery.updateData({ ...delivery.data, attempts: result.attempts });
    await delivery.moveToDelayed(result.retryAtMs, token);
    throw new DelayedError();
  };
  const worker = new Worker<CallbackData, string>(queueName, process, {
    connection: redis,
    prefix,
    concurrency,
    maxStalledCount,
    runRetryDelay: retryDelayMs,
    skipVersionCheck: true,
  });
  // BullMQ retries by itself; without a listener its errors would end the process.
  worker.on('error', () => {});
  return { close: () => worker.close() };
}
