import type { ErrorBody } from '../errors.ts';
import type { Job } from '../types.ts';

/** Text of the output of a job's command. */
export interface TextEvent {
  /** Number of the event, from 1; see `OutputOptions.after`. */
  readonly id: number;
  readonly event: 'stdout' | 'stderr';
  readonly text: string;
}

/** The last event of a job that succeeded. */
export interface ExitEvent {
  readonly id: number;
  readonly event: 'exit';
  readonly status: 'succeeded';
  /** `null` if the job has no command. */
  readonly exit_code: number | null;
  /** Whether the command wrote more than the API keeps. */
  readonly truncated: boolean;
}

/** The last event of a job that did not succeed. */
export interface ErrorEvent extends Partial<ErrorBody> {
  readonly id: number;
  readonly event: 'error';
  readonly status: Exclude<Job['status'], 'succeeded' | 'queued' | 'running'>;
  readonly exit_code: number | null;
  readonly truncated: boolean;
}

/** An event of a job's output; the last is an `exit` or an `error`. */
export type OutputEvent = TextEvent | ExitEvent | ErrorEvent;

/** Event that keeps an idle stream open. */
export interface PingEvent {
  readonly id: number;
  readonly event: 'ping';
}

/** Event of a failed stream. The job continues: the event has no job status. */
export interface StreamErrorEvent extends ErrorBody {
  readonly id: number;
  readonly event: 'error';
  readonly status?: never;
}

/** A line of a stream. */
export type OutputLine = OutputEvent | PingEvent | StreamErrorEvent;
