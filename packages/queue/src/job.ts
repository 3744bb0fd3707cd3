import type { ErrorBody } from '@podman-api/errors';

/** How a job can have ended. */
export type EndStatus = 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'withdrawn' | 'unknown';
export type JobStatus = 'queued' | 'running' | EndStatus;

/** What stands in a BullMQ job, for people to read as well; it holds no secret. */
export interface JobData {
  readonly operation: string;
  readonly container: string | null;
  readonly node: string;
  readonly request_id: string;
  /** The input but for its secret fields. */
  readonly input: object;
  /** The names of the secret fields, which travel sealed. */
  readonly sealed: readonly string[];
  /** The channel of the API process that waits. */
  readonly reply_to: string;
}

/** A job as it was added. */
export interface StoredJob {
  readonly data: JobData;
  /** In ms since 1970. */
  readonly timestamp: number;
}

/** How a job ended. */
export interface Outcome {
  readonly status: EndStatus;
  readonly result?: object;
  readonly error?: ErrorBody;
  readonly finished_at: string;
}

/** A job as `GET /jobs/:id` shows it. */
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
  readonly result?: object;
  readonly error?: ErrorBody;
}

/** An outcome that ends now. */
export function ended(status: EndStatus, rest: Pick<Outcome, 'result' | 'error'> = {}): Outcome {
  return { status, ...rest, finished_at: new Date().toISOString() };
}
