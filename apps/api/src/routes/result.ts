import { ApiError } from '@podman-api/errors';
import type { Outcome } from '@podman-api/queue';
import { basePath } from '../context.ts';

/**
 * What a job gave.
 * @param outcome how it ended; missing where it runs on
 * @throws ApiError for every end but success
 */
export function resultOf(id: string, outcome: Outcome | undefined): object | undefined {
  const url = `${basePath}/jobs/${id}`;
  if (!outcome) {
    throw new ApiError('TimeoutError', `The job did not end in time; it runs on, and its result can be read at ${url}.`, {
      job: { id, status: 'running', url },
    });
  }
  const { status, result, error } = outcome;
  if (status === 'succeeded') return result;
  const job = { id, status, url };
  if (error) throw ApiError.from(error).with(error.type === 'TimeoutError' || status === 'unknown' ? { job } : {});
  throw new ApiError('TimeoutError', 'No worker was free in time; the job was withdrawn and never runs. Send it again later.', { job });
}
