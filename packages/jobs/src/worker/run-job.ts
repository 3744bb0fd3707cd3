import { ApiError, toApiError, unknownOutcomeError } from '@podman-api/errors';
import type { ByteChannel, ChunkSink, Span, Tracing } from '@podman-api/runtime';
import { queueName } from '../bullmq/queue-names.ts';
import type { TakenJob, TakenJobResult } from '../bullmq/worker.ts';
import type { Channels } from '../channel/channels.ts';
import { cancelledOutcome, createOutcome, exitCodeOf, type JobData, type Outcome } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import type { JobTypes } from '../job-type.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import { createRecorder } from '../output/recorder.ts';
import { type BeginAnswer, beginJob } from '../record/begin.ts';
import { type EndParts, endJob, type OutcomeToStore, prepareOutcome, storePreparedOutcome } from '../record/end.ts';
import { isSigned } from '../signature.ts';
import { endJobSpan, startJobSpan } from '../spans.ts';
import type { Ledger } from './ledger.ts';
import type { RecentOutcomes } from './recent-outcomes.ts';

/** A job for this worker, with its secrets. */
export interface ReceivedJob {
  readonly id: string;
  readonly operation: string;
  /** The name of the caller's token; `null` where no tokens are used. */
  readonly token: string | null;
  readonly input: object;
  /** Aborting it ends the job; the reason must be an `ApiError`. */
  readonly controller: AbortController;
  /** Receives the output of the job's command. */
  readonly output: ChunkSink;
  /** Joins the job's channel to an API process. Call it again if the channel has broken. Rejects if there is no channel. */
  readonly channel: () => Promise<ByteChannel>;
}

/** Executes a job and returns its outcome. Never rejects. */
export type Perform = (job: ReceivedJob) => Promise<Outcome>;

/** A job that this worker runs. */
export interface RunningJob {
  readonly data: JobData;
  readonly controller: AbortController;
}

/** Dependencies for running jobs. */
export interface RunParts extends EndParts {
  /** This worker's id. */
  readonly worker: string;
  /** Running jobs, by id. */
  readonly running: Map<string, RunningJob>;
  readonly recentOutcomes: RecentOutcomes;
  /** Called when Redis may have lost the start or the outcome of a job. */
  readonly onPossibleDataLoss: () => void;
  readonly ledger: Ledger;
  readonly channels: Channels;
  readonly types: JobTypes;
  /** Maximum output that is kept per job. */
  readonly maxOutputBytes: number;
  readonly perform: Perform;
  /** Called with the id of each job whose signature was not made with SECRET_KEY. */
  readonly onForged: (id: string) => void;
  readonly tracing: Tracing;
}

/** TTL of sealed secrets after a worker has read them. */
const secretsTtlSeconds = 10;

/** Begins the job again if beginning took longer than this; the worker may have been declared dead meanwhile. */
const maxBeginMs = 3000;

/** Creates the function that runs the jobs that BullMQ assigns to this worker. */
export function createJobRunner(parts: RunParts): (job: TakenJob) => Promise<TakenJobResult> {
  return job => runJob(parts, job);
}

/**
 * Runs a job: begins it, opens its secrets, performs it and stores the outcome.
 * @returns the result for BullMQ's copy of the job, for people who inspect the queue
 */
async function runJob(parts: RunParts, { id, data, queue }: TakenJob): Promise<TakenJobResult> {
  if (!belongsTo(queue, id) || !isSigned(parts.seal, id, data)) {
    parts.onForged(id);
    return reject(parts, id, data, forgedError);
  }
  if (isTooOld(id)) return reject(parts, id, data, tooOldError);
  if (parts.running.has(id) || parts.recentOutcomes.get(id)) {
    // Redis has lost the start or the outcome of the job; both are stored again.
    parts.onPossibleDataLoss();
    return { failure: 'this host had already begun the job' };
  }
  const controller = new AbortController();
  parts.running.set(id, { data, controller });
  const span = startJobSpan(parts.tracing, queue, id, data);
  try {
    // Sent together, which saves each job with secrets a round trip.
    const [refusal, sealed] = await Promise.all([begin(parts, id, data), readSecrets(parts, id, data)]);
    if (refusal === 'cancel') return await cancel(parts, id, data);
    if (refusal !== undefined) return { status: refusal };
    return await span.run(() => runBegun(parts, { id, data, sealed }, controller, span));
  } finally {
    span.end();
    parts.running.delete(id);
  }
}

function belongsTo(queue: string, id: string): boolean {
  const parsed = parseJobId(id);
  return parsed !== undefined && queueName(parsed.node, parsed.lane) === queue;
}

/** Whether a job is so old that the ledger may have deleted its entry, so that it may have run before. */
function isTooOld(id: string): boolean {
  return Date.now() - (parseJobId(id)?.createdAtMs ?? 0) >= maxJobLifeSeconds * 1000;
}

/** Ends a job that must not run. What its data says about names and tokens is not trusted. */
async function reject(parts: RunParts, id: string, data: JobData, error: ApiError): Promise<TakenJobResult> {
  const { reserved_name: _ignored, ...rest } = data;
  const job = { ...rest, token: null, changes: false };
  await endJob(parts, { ended: { id, job, outcome: createOutcome('failed', { error: error.toJSON() }), durationMs: null } });
  return { failure: error.message };
}

/** Begins a job. @returns why it has not begun; `undefined` if it has */
async function begin({ redis, worker }: RunParts, id: string, data: JobData): Promise<Exclude<BeginAnswer, 'begun'> | undefined> {
  for (;;) {
    const requestedAtMs = performance.now();
    const answer = await beginJob(redis, id, data, worker);
    if (answer !== 'begun') return answer;
    if (performance.now() - requestedAtMs < maxBeginMs) return undefined;
  }
}

/** A job that this worker has begun. */
interface BegunJob {
  readonly id: string;
  readonly data: JobData;
  /** Its secret fields; `undefined` if it has none, `null` if they have expired, an `Error` if they could not be read. */
  readonly sealed: Buffer | null | undefined | Error;
}

async function runBegun(parts: RunParts, job: BegunJob, controller: AbortController, span: Span): Promise<TakenJobResult> {
  const { id, data } = job;
  const startedAtMs = performance.now();
  const recorder = createRecorder(parts.redis, parts.seal, id, parts.maxOutputBytes);
  // An unexpected error must not leave the job `running`.
  const performed = await perform(parts, job, controller, recorder.write).catch(error =>
    createOutcome('unknown', { error: toApiError(error).toJSON() }),
  );
  parts.channels.release(id);
  const { storedBytes, ...output } = await recorder.end();
  const hasOutput = output.chunks.length > 0 || output.truncated;
  const outcome: Outcome = { ...performed, ...(hasOutput && { output }) };
  const ended = { id, job: data, outcome, durationMs: performance.now() - startedAtMs };
  endJobSpan(span, outcome);
  // Called before the outcome is stored, so that a worker that dies in between has logged it.
  parts.hooks.onEnd(ended);
  const hasSecretResult = parts.types(data.operation)?.hasSecretResult ?? false;
  await storeOutcome(parts, { ended, storedOutputBytes: storedBytes, hasSecretResult });
  if (outcome.status !== 'succeeded') return { failure: `${outcome.status}: ${outcome.error?.message ?? ''}` };
  const code = exitCodeOf(outcome);
  return { status: outcome.status, ...(code !== undefined && { exit_code: code }) };
}

/** Stores a job's outcome, and keeps it in memory in case Redis loses it or cannot store it now. */
async function storeOutcome(parts: RunParts, toStore: OutcomeToStore): Promise<void> {
  const prepared = prepareOutcome(parts, toStore);
  parts.recentOutcomes.add(prepared);
  try {
    await storePreparedOutcome(parts, prepared);
  } catch (error) {
    parts.onPossibleDataLoss();
    throw error;
  }
}

async function perform(parts: RunParts, job: BegunJob, controller: AbortController, output: ChunkSink): Promise<Outcome> {
  const { id, data } = job;
  const input = openInput(parts, job);
  if (input instanceof ApiError) return createOutcome('failed', { error: input.toJSON() });
  const isRepeatable = parts.types(data.operation)?.isRepeatable ?? false;
  const ledgerConflict = isRepeatable ? undefined : enterInLedger(parts.ledger, id);
  const channel = () => parts.channels.join(id);
  return ledgerConflict ?? parts.perform({ id, operation: data.operation, token: data.token, input, controller, output, channel });
}

/** Records in the ledger that a job begins. @returns its outcome if it must not run; `undefined` if it may */
function enterInLedger(ledger: Ledger, id: string): Outcome | undefined {
  try {
    return ledger.enter(id) ? undefined : createOutcome('unknown', { error: begunBeforeError.toJSON() });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const message = `The node cannot write to its STATE_DIR (${code}), so the job was not run: free space and inodes there, then send it again.`;
    return createOutcome('failed', { error: new ApiError('ServiceUnavailableError', message).toJSON() });
  }
}

const forgedError = new ApiError(
  'InternalError',
  "The job was created or changed without the worker's SECRET_KEY, so it was not run. The key must be the same for the API and the worker.",
);

const tooOldError = new ApiError(
  'ServiceUnavailableError',
  'The job has waited for more than two days, so it was not run. Send the request again.',
);

const begunBeforeError = unknownOutcomeError('this host had already begun the job, and Redis has lost its outcome', {
  advice: 'It is not run again.',
});

/** Reads the sealed secret fields of a job, which are deleted a little later; see `BegunJob.sealed`. */
async function readSecrets({ redis }: RunParts, id: string, { sealed: fields }: JobData): Promise<BegunJob['sealed']> {
  if (fields.length === 0) return undefined;
  // Not deleted at once, because ioredis repeats a command whose reply was lost.
  return redis.getexBuffer(keys.sealed(id), 'EX', secretsTtlSeconds).catch((error: Error) => error);
}

/**
 * Returns the input including its secret fields, or an error if these have expired or cannot be opened.
 * @throws Error if they could not be read
 */
function openInput({ seal }: RunParts, { id, data: { input }, sealed }: BegunJob): object | ApiError {
  if (sealed === undefined) return input;
  if (sealed instanceof Error) throw sealed;
  if (sealed === null)
    return new ApiError(
      'ServiceUnavailableError',
      'The job was not run: the worker that had read its secrets died, and secrets can be read only once. Send the request again.',
    );
  try {
    const secrets: object = JSON.parse(seal.open(sealed, id).toString());
    return { ...input, ...secrets };
  } catch {
    return new ApiError('InternalError', "The job's secrets can't be opened: SECRET_KEY must be the same for the API and the worker.");
  }
}

async function cancel(parts: RunParts, id: string, data: JobData): Promise<TakenJobResult> {
  const ended = { id, job: data, outcome: cancelledOutcome(), durationMs: null };
  if (await endJob(parts, { ended })) parts.hooks.onEnd(ended);
  return { status: 'cancelled' };
}
