import { ApiError, UnreachableError } from '../errors.ts';
import { exitCodes } from './exit-codes.ts';

/** A wrong command line. */
export class UsageError extends Error {}

/** A command that ends early, with a line to say, or none, and its exit code. */
export class Ended extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The exit code that stands for an error. */
export function codeOf(error: unknown): number {
  if (error instanceof Ended) return error.exitCode;
  if (error instanceof UsageError || error instanceof RangeError) return exitCodes.usage.code;
  if (error instanceof UnreachableError) return exitCodes.away.code;
  if (!(error instanceof ApiError)) return exitCodes.failed.code;
  return codeOfStatus(error.job?.status) ?? codeOfHttp(error.status);
}

/** What an error says, in one line. */
export function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, ' ');
}

/** The exit code for how a job ended, where that says all. */
export function codeOfStatus(status: string | undefined): number | undefined {
  if (status === 'timed_out') return exitCodes.timedOut.code;
  if (status === 'cancelled') return exitCodes.cancelled.code;
  if (status === 'unknown') return exitCodes.unknown.code;
  return undefined;
}

/** The exit code for an error's HTTP status. */
export function codeOfHttp(status: number): number {
  if (status === 408) return exitCodes.timedOut.code;
  if (status === 429 || status === 503) return exitCodes.away.code;
  return status < 500 ? exitCodes.refused.code : exitCodes.failed.code;
}
