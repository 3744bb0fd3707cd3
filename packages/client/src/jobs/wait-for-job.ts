import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import type { Job } from '../types.ts';
import { isUnfinished } from './job-result.ts';

/** Seconds that one request waits; the API refuses more than its MAX_WAIT, and proxies cut long requests. */
const waitSeconds = 10;
/** While a job runs the API is retried for at least this long: it may restart, and the job continues. */
export const minRetryTimeoutMs = 60_000;

/**
 * Waits until a job is finished, whatever its outcome.
 * @throws ApiError, UnreachableError, or the reason of the signal
 */
export async function waitForJob<Result>(http: HttpClient, id: string, signal?: AbortSignal): Promise<Job<Result>> {
  for (;;) {
    const request = { method: 'GET', path: path`/jobs/${id}`, query: { wait: waitSeconds }, signal } as const;
    const { job } = await http.send<{ job: Job<Result> }>(request, { timeoutMs: minRetryTimeoutMs });
    if (!isUnfinished(job.status)) return job;
  }
}
