import { ApiError } from '../errors.ts';
import type { Job, JobStatus } from '../types.ts';

/** Message for a job that was withdrawn for no other reason. */
export const withdrawnMessage = 'No worker was free in time, so the job was withdrawn and did not run: send the request again later.';

/** Returns whether a job of this status has no outcome yet. */
export function isUnfinished(status: JobStatus | undefined): boolean {
  return status === 'queued' || status === 'running';
}

/**
 * Returns the result of a finished job.
 * @throws ApiError with the job if it did not succeed
 */
export function getJobResult<Result>({ id, status, url, result, error }: Job<Result>): Result {
  if (status === 'succeeded' && result !== undefined) return result;
  const job = { id, status, url };
  if (error) throw new ApiError({ ...error, job });
  const message = status === 'withdrawn' ? withdrawnMessage : `The job ${id} is ${status}, without a result.`;
  throw new ApiError({ message, code: 408, type: 'TimeoutError', job });
}
