import { ApiError, UnreachableError } from '../errors.ts';
import { systemErrorText } from '../system-error.ts';
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

/** Returns what an error says and what to do on this command line, in one line; see `printable` for what may be in it. */
export function lineOf(error: unknown): string {
  return messageOf(error).replaceAll(/\s*\n\s*/g, ' ');
}

function messageOf(error: unknown): string {
  if (error instanceof ApiError) return apiMessage(error);
  const systemError = systemErrorText(error);
  if (systemError !== undefined) return `The operating system reports: ${systemError}.`;
  return error instanceof Error ? error.message : String(error);
}

/** The API speaks of headers and query parameters; here they are a variable and a flag. */
function apiMessage({ status, message }: ApiError): string {
  if (status !== 401) return message.replaceAll('force=true', '"podman-api rm --force"');
  if (process.env['PODMAN_API_TOKEN']) return `The API refused the token in PODMAN_API_TOKEN: ${message}`;
  return 'The API asks for a token: set PODMAN_API_TOKEN to one; on the API\'s host, "npm run token -- create NAME" makes one.';
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
