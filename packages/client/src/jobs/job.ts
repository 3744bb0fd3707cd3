import { ApiError } from '../errors.ts';
import type { Job, JobStatus } from '../types.ts';

/** Whether a job of this status may yet change. */
export function goesOn(status: JobStatus | undefined): boolean {
  return status === 'queued' || status === 'running';
}

/**
 * What an ended job gave.
 * @throws ApiError for every end but success, with the job in it
 */
export function resultOf<Result>({ id, status, url, result, error }: Job<Result>): Result {
  if (status === 'succeeded' && result !== undefined) return result;
  const job = { id, status, url };
  if (error) throw new ApiError({ ...error, job });
  const message =
    status === 'withdrawn'
      ? 'No worker was free in time; the job was withdrawn and never ran.'
      : `The job ${id} is ${status}, without a result.`;
  throw new ApiError({ message, code: 408, type: 'TimeoutError', job });
}
