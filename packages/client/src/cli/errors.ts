import { ApiError, UnreachableError } from '../errors.ts';
import { describeSystemError } from '../system-error.ts';
import { exitCodes } from './exit-codes.ts';

/** Error for a wrong command line. */
export class UsageError extends Error {}

/** Error with an exit code. Its message is printed unless it is empty. */
export class ExitError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Returns the exit code for an error. */
export function getExitCode(error: unknown): number {
  if (error instanceof ExitError) return error.exitCode;
  if (error instanceof UsageError || error instanceof RangeError) return exitCodes.usage.code;
  if (error instanceof UnreachableError) return exitCodes.unreachable.code;
  if (!(error instanceof ApiError)) return exitCodes.failed.code;
  return getExitCodeOfJob(error.job?.status) ?? getExitCodeOfHttpStatus(error.status);
}

/**
 * Returns the message of an error in one line, with variables and flags of this command line. It may hold control characters;
 * see `printable`.
 */
export function formatError(error: unknown): string {
  return findMessage(error).replaceAll(/\s*\n\s*/g, ' ');
}

function findMessage(error: unknown): string {
  if (error instanceof ApiError) return translateApiMessage(error);
  const systemError = describeSystemError(error);
  if (systemError !== undefined) return `The operating system reports: ${systemError}.`;
  return error instanceof Error ? error.message : String(error);
}

/** Replaces headers and query parameters in a message of the API by variables and flags of this command line. */
function translateApiMessage({ status, message }: ApiError): string {
  if (status !== 401) return message.replaceAll('force=true', '"podman-api rm --force"');
  if (process.env['PODMAN_API_TOKEN']) return `The API refused the token in PODMAN_API_TOKEN: ${message}`;
  return 'The API requires a token: set PODMAN_API_TOKEN to one. On the API\'s host, "npm run token -- create NAME" creates one.';
}

/** Returns the exit code for a job's status; `undefined` if it depends on the job's error. */
export function getExitCodeOfJob(status: string | undefined): number | undefined {
  if (status === 'timed_out') return exitCodes.timedOut.code;
  if (status === 'cancelled') return exitCodes.cancelled.code;
  if (status === 'unknown') return exitCodes.unknown.code;
  return undefined;
}

/** Returns the exit code for the HTTP status of an error. */
export function getExitCodeOfHttpStatus(status: number): number {
  if (status === 408) return exitCodes.timedOut.code;
  if (status === 429 || status === 503) return exitCodes.unreachable.code;
  return status < 500 ? exitCodes.refused.code : exitCodes.failed.code;
}
