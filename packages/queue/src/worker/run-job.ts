import { ApiError } from '@podman-api/errors';
import { type Job, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import { ended, type JobData, type Outcome } from '../job.ts';
import { keys } from '../names.ts';
import type { JobSummary } from '../queues.ts';
import { tellOutcome } from '../record.ts';
import type { Seal } from '../seal.ts';

/** A job for this worker, with its secrets. */
export interface ReceivedJob {
  readonly id: string;
  readonly operation: string;
  readonly input: object;
  /** Its abort ends the job; the reason is an `ApiError`. */
  readonly controller: AbortController;
}

/** Does what a job asks for and tells how that ended; never throws. */
export type Perform = (job: ReceivedJob) => Promise<Outcome>;

/** Hears of each job that has ended, once its caller has been told; the duration is in ms. */
export type OnEnd = (id: string, data: JobData, outcome: Outcome, duration: number) => void;

/** What a job meets on its way. */
export interface Way {
  readonly redis: Redis;
  readonly seal: Seal;
  readonly resultTtl: number;
  readonly running: Map<string, AbortController>;
  readonly perform: Perform;
  readonly onEnd: OnEnd;
}

/**
 * One job's way through a worker: it gets its secrets, is performed, and its outcome told. BullMQ's own copy of
 * the job gets a summary, for people who look there.
 */
export async function runJob(way: Way, { id = '', data }: Job<JobData>): Promise<JobSummary> {
  const sealed = data.sealed.length > 0 ? await way.redis.getdelBuffer(keys.sealed(id)) : null;
  const started = performance.now();
  const outcome = await perform(way, id, data, sealed);
  const told = tellOutcome(way.redis, id, outcome, way.resultTtl, data.reply_to);
  way.onEnd(id, data, outcome, performance.now() - started);
  await told;
  if (outcome.status !== 'succeeded') throw new UnrecoverableError(`${outcome.status}: ${outcome.error?.message ?? ''}`);
  return summaryOf(outcome);
}

async function perform(way: Way, id: string, data: JobData, sealed: Buffer | null): Promise<Outcome> {
  const input = openInput(way.seal, id, data, sealed);
  if (input instanceof ApiError) return ended('failed', { error: input.toJSON() });
  const controller = new AbortController();
  way.running.set(id, controller);
  try {
    return await way.perform({ id, operation: data.operation, input, controller });
  } finally {
    way.running.delete(id);
  }
}

/** The whole input, its secret fields among it, or why it can't be had. */
function openInput(seal: Seal, id: string, { input, sealed: fields }: JobData, sealed: Buffer | null): object | ApiError {
  if (fields.length === 0) return input;
  if (sealed === null)
    return new ApiError('PodmanAPIError', 'The job waited so long that its secrets have expired; send the request again.');
  try {
    const secrets: object = JSON.parse(seal.open(sealed, id));
    return { ...input, ...secrets };
  } catch {
    return new ApiError('PodmanAPIError', "The job's secrets can't be opened: SECRET_KEY must be the same for the API and the worker.");
  }
}

function summaryOf({ status, result }: Outcome): JobSummary {
  const exitCode = result && 'exit_code' in result ? result.exit_code : undefined;
  return { status, ...((typeof exitCode === 'number' || exitCode === null) && { exit_code: exitCode }) };
}
