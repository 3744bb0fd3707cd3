import { ApiError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import type { Job } from '../types.ts';

/**
 * Cancels a job, which first stops its command in the container.
 * @returns the job: cancelled, or with the outcome that it already had
 */
export async function cancelJob<Result>(http: HttpClient, id: string): Promise<Job<Result>> {
  try {
    return (await http.send<{ job: Job<Result> }>({ method: 'DELETE', path: path`/jobs/${id}` })).job;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    return (await http.send<{ job: Job<Result> }>({ method: 'GET', path: path`/jobs/${id}` })).job;
  }
}
