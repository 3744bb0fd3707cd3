import type { ErrorBody } from '../errors.ts';
import type { Job } from '../types.ts';

/** What a job's command wrote. */
export interface WrittenEvent {
  /** Numbered from 1; `after` goes on behind it. */
  readonly id: number;
  readonly event: 'stdout' | 'stderr';
  readonly text: string;
}

/** A job came to an end of its own. */
export interface ExitEvent {
  readonly id: number;
  readonly event: 'exit';
  readonly status: 'succeeded';
  /** `null` where the job has no command. */
  readonly exit_code: number | null;
  /** More was written than could be kept. */
  readonly truncated: boolean;
}

/** A job ended in another way. */
export interface ErrorEvent extends Partial<ErrorBody> {
  readonly id: number;
  readonly event: 'error';
  readonly status: Exclude<Job['status'], 'succeeded' | 'queued' | 'running'>;
  readonly exit_code: number | null;
  readonly truncated: boolean;
}

/** An event of a job's output; the last is an `exit` or an `error`. */
export type OutputEvent = WrittenEvent | ExitEvent | ErrorEvent;

/** The stream lives. */
export interface PingEvent {
  readonly id: number;
  readonly event: 'ping';
}

/** The stream has failed, and the job goes on: an error without the job's status. */
export interface BrokenEvent extends ErrorBody {
  readonly id: number;
  readonly event: 'error';
  readonly status?: never;
}

/** A line of a stream. */
export type StreamEvent = OutputEvent | PingEvent | BrokenEvent;
