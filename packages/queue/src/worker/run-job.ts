import { ApiError, asApiError, JobEnded } from '@podman-api/errors';
import { findTask } from '@podman-api/operations';
import type { Take } from '@podman-api/podman';
import type { Span, Tracing } from '@podman-api/runtime';
import { type Job, UnrecoverableError } from 'bullmq';
import { cancelled, ended, exitCodeOf, type JobData, type OnEnd, type Outcome } from '../job.ts';
import { longestLife } from '../limits.ts';
import { keys, placeOf, queueName } from '../names.ts';
import { createRecorder } from '../output/recorder.ts';
import type { JobSummary } from '../queues.ts';
import { begin } from '../record/begin.ts';
import { type End, type EndParts, endJob, sendEnd, writeEnd } from '../record/end.ts';
import { isSigned } from '../signature.ts';
import { endJobSpan, startJob } from '../spans.ts';
import type { Ledger } from './ledger.ts';
import type { Told } from './told.ts';

/** A job for this worker, with its secrets. */
export interface ReceivedJob {
  readonly id: string;
  readonly operation: string;
  readonly input: object;
  /** Its abort ends the job; the reason is an `ApiError`. */
  readonly controller: AbortController;
  /** Takes what the job's command writes. */
  readonly output: Take;
}

/** Does what a job asks for and tells how that ended; never throws. */
export type Perform = (job: ReceivedJob) => Promise<Outcome>;

/** A job that runs in this worker. */
export interface RunningJob {
  readonly data: JobData;
  readonly controller: AbortController;
}

/** What a job meets on its way. */
export interface Way extends EndParts {
  /** This worker's id. */
  readonly worker: string;
  /** Jobs that run, by their ids. */
  readonly running: Map<string, RunningJob>;
  /** The ends that were told lately. */
  readonly told: Told;
  /** Hears that an end may not have reached Redis. */
  readonly onDoubt: () => void;
  readonly ledger: Ledger;
  /** How much of a job's output is kept, in bytes. */
  readonly maxOutput: number;
  readonly perform: Perform;
  readonly onEnd: OnEnd;
  /** Hears of a job that nobody with SECRET_KEY has put here. */
  readonly onForged: (job: string) => void;
  readonly tracing: Tracing;
}

/** Secrets that a worker has read are gone after so many seconds. */
const consumedWithin = 10;

/** A worker that stood still for so long between asking and beginning asks again, in ms: it may count as dead. */
const fresh = 3000;

/**
 * One job's way through a worker: it is begun, which one worker may do once, gets its secrets, is performed, and its
 * outcome told. BullMQ's own copy of the job gets a summary, for people who look there.
 */
export async function runJob(way: Way, { id = '', data, queueName: queue }: Job<JobData>): Promise<JobSummary> {
  if (!isFor(queue, id) || !isSigned(way.seal, id, data)) {
    way.onForged(id);
    const outcome = ended('failed', { error: forged.toJSON() });
    await endJob(way, { id, data: { ...data, token: null, changes: false }, outcome, duration: null });
    throw new UnrecoverableError(forged.message);
  }
  if (way.running.has(id) || way.told.of(id)) {
    // Redis has lost that it was begun, or that it has ended, and is told again.
    way.onDoubt();
    throw new UnrecoverableError('the job was begun here before');
  }
  const controller = new AbortController();
  way.running.set(id, { data, controller });
  const span = startJob(way.tracing, queue, id, data);
  try {
    const refused = await beginFreshly(way, id, data);
    if (refused !== undefined) return refused === 'cancel' ? await cancel(way, id, data) : { status: refused };
    return await span.within(() => runBegun(way, id, data, controller, span));
  } finally {
    span.end();
    way.running.delete(id);
  }
}

/** A job for another queue is not signed for this one; and an old one may have been run long ago (see `openLedger`). */
function isFor(queue: string, id: string): boolean {
  const place = placeOf(id);
  return place !== undefined && queueName(place.node, place.lane) === queue && Date.now() - place.created < longestLife * 1000;
}

/** @returns why the job must not be run; nothing where it has been begun */
async function beginFreshly({ redis, worker }: Way, id: string, data: JobData): Promise<string | undefined> {
  for (;;) {
    const asked = performance.now();
    const answer = await begin(redis, id, data, worker);
    if (answer !== 'begun') return answer;
    if (performance.now() - asked < fresh) return undefined;
  }
}

async function runBegun(way: Way, id: string, data: JobData, controller: AbortController, span: Span): Promise<JobSummary> {
  const started = performance.now();
  const recorder = createRecorder(way.redis, way.seal, id, way.maxOutput);
  // Whatever is thrown here must not leave the job running for good.
  const done = await perform(way, id, data, controller, recorder.take).catch(error =>
    ended('unknown', { error: asApiError(error).toJSON() }),
  );
  const { logged, ...output } = recorder.end();
  const hasOutput = output.chunks.length > 0 || output.truncated;
  const outcome: Outcome = { ...done, ...(hasOutput && { output }) };
  const duration = performance.now() - started;
  endJobSpan(span, outcome);
  // Before anybody is told: a worker that dies in between has noted what it saw.
  way.onEnd(id, data, outcome, Math.round(duration));
  await tellEnd(way, { id, data, outcome, duration, logged });
  if (controller.signal.aborted) await way.redis.srem(keys.cancels(data.node), id);
  if (outcome.status !== 'succeeded') throw new UnrecoverableError(`${outcome.status}: ${outcome.error?.message ?? ''}`);
  return summaryOf(outcome);
}

/** Ends a job, and remembers it for a Redis that loses it, or can't take it now. */
async function tellEnd(way: Way, end: End): Promise<void> {
  const written = writeEnd(way, end);
  way.told.note(written);
  try {
    await sendEnd(way, written);
  } catch (error) {
    way.onDoubt();
    throw error;
  }
}

async function perform(way: Way, id: string, data: JobData, controller: AbortController, output: Take): Promise<Outcome> {
  const input = await readInput(way, id, data);
  if (input instanceof ApiError) return ended('failed', { error: input.toJSON() });
  const repeatable = findTask(data.operation)?.repeatable ?? false;
  const refused = repeatable ? undefined : noteBegin(way.ledger, id);
  return refused ?? way.perform({ id, operation: data.operation, input, controller, output });
}

/** Notes on this host that a job begins. @returns its outcome if it must not begin, or if that cannot be noted */
function noteBegin(ledger: Ledger, id: string): Outcome | undefined {
  try {
    return ledger.enter(id) ? undefined : ended('unknown', { error: begunBefore.toJSON() });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const message = `The node cannot write to its STATE_DIR (${code}), so the job was not run: free space and inodes there, then send it again.`;
    return ended('failed', { error: new ApiError('ServiceUnavailableError', message).toJSON() });
  }
}

const forged = new ApiError(
  'PodmanAPIError',
  "The job was made or changed by somebody without the worker's SECRET_KEY; it was not run. The key must be the same for the API and the worker.",
);

const begunBefore = new JobEnded(
  'unknown',
  'The outcome is unknown: the job was begun on this host before, and Redis has lost what became of it. It is not run again.',
);

/** The whole input, its secret fields among it, or why it can't be had. */
async function readInput({ redis, seal }: Way, id: string, { input, sealed: fields }: JobData): Promise<object | ApiError> {
  if (fields.length === 0) return input;
  // Gone soon, and not at once, for ioredis asks again where an answer was lost.
  const sealed = await redis.getexBuffer(keys.sealed(id), 'EX', consumedWithin);
  if (sealed === null)
    return new ApiError('PodmanAPIError', 'The job waited so long that its secrets have expired; send the request again.');
  try {
    const secrets: object = JSON.parse(seal.open(sealed, id).toString());
    return { ...input, ...secrets };
  } catch {
    return new ApiError('PodmanAPIError', "The job's secrets can't be opened: SECRET_KEY must be the same for the API and the worker.");
  }
}

async function cancel(way: Way, id: string, data: JobData): Promise<JobSummary> {
  const outcome = cancelled();
  if (await endJob(way, { id, data, outcome, duration: null })) way.onEnd(id, data, outcome, null);
  return { status: 'cancelled' };
}

function summaryOf(outcome: Outcome): JobSummary {
  const code = exitCodeOf(outcome);
  return { status: outcome.status, ...(code !== undefined && { exit_code: code }) };
}
