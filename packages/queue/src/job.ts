import { type ErrorBody, JobEnded } from '@podman-api/errors';
import type { Output } from '@podman-api/operations';

/** How a job can have ended. */
export const endStatuses = ['succeeded', 'failed', 'timed_out', 'cancelled', 'withdrawn', 'unknown'] as const;
export const jobStatuses = ['queued', 'running', ...endStatuses] as const;
export type EndStatus = (typeof endStatuses)[number];
export type JobStatus = (typeof jobStatuses)[number];

/** What stands in a BullMQ job, for people to read as well; it holds no secret. */
export interface JobData {
  readonly operation: string;
  readonly container: string | null;
  readonly node: string;
  readonly request_id: string;
  /** The name of the token it was asked for with; `null` where no tokens are used. */
  readonly token: string | null;
  /** Whether it is to change something: a read and a dry run are not. */
  readonly changes: boolean;
  /** When it was made, ISO 8601. */
  readonly created_at: string;
  /** The input but for its secret fields. */
  readonly input: object;
  /** The names of the secret fields, which travel sealed. */
  readonly sealed: readonly string[];
  /** The key in Redis of the claim by an Idempotency-Key. */
  readonly claim?: string;
  /** Its place in a trace, where its requester traces (https://www.w3.org/TR/trace-context/). */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** Made with SECRET_KEY of all the rest and the job's id: who can write to Redis and no more can make no job. */
  readonly signature: string;
}

/** How a job ended. */
export interface Outcome {
  readonly status: EndStatus;
  readonly result?: object;
  readonly error?: ErrorBody;
  readonly finished_at: string;
  /** What its command wrote. */
  readonly output?: Output;
}

/** A job as anybody may see it. */
export interface JobView {
  readonly id: string;
  readonly operation: string;
  readonly container: string | null;
  readonly node: string;
  readonly status: JobStatus;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly attempts: number;
  readonly request_id: string;
  readonly token: string | null;
  /** How it ended, where it has. */
  readonly outcome?: Outcome;
}

/** What is known of a job from the beginning. */
export type Birth = Pick<JobData, 'operation' | 'container' | 'node' | 'request_id' | 'token' | 'changes' | 'created_at' | 'claim'>;

/** Hears of each job that this process has ended; the duration, of its run, is in ms, and `null` where it had none. */
export type OnEnd = (id: string, job: Birth, outcome: Outcome, duration: number | null) => void;

/** An outcome that ends now. */
export function ended(status: EndStatus, rest: Pick<Outcome, 'result' | 'error' | 'output'> = {}): Outcome {
  return { status, ...rest, finished_at: new Date().toISOString() };
}

/** The outcome of a job that was cancelled before a worker had begun it. */
export function cancelled(): Outcome {
  return ended('cancelled', { error: new JobEnded('cancelled', 'The job was cancelled.').toJSON() });
}

/** The exit code of a job's command; `null` where nobody saw one, nothing where it has no command. */
export function exitCodeOf({ result, error }: { result?: object | undefined; error?: ErrorBody | undefined }): number | null | undefined {
  const told = result ?? error?.execution;
  const code = told && 'exit_code' in told ? told.exit_code : undefined;
  return typeof code === 'number' || code === null ? code : undefined;
}
