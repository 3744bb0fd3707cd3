import { ApiError } from '../errors.ts';
import { path } from '../http/call.ts';
import type { Http } from '../http/http.ts';
import type { Job } from '../types.ts';

/**
 * Cancels a job; what it runs in its container is ended first.
 * @returns the job: cancelled, or as it had ended before
 */
export async function cancelJob<Result>(http: Http, id: string): Promise<Job<Result>> {
  try {
    return (await http.send<{ job: Job<Result> }>({ method: 'DELETE', path: path`/jobs/${id}` })).job;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    return (await http.send<{ job: Job<Result> }>({ method: 'GET', path: path`/jobs/${id}` })).job;
  }
}
