import { path } from '../http/call.ts';
import type { Http } from '../http/http.ts';
import type { Job } from '../types.ts';
import { goesOn } from './job.ts';

/** How long one request waits, in seconds; more than MAX_WAIT would be refused, and proxies cut long ones. */
const step = 10;
/** How long the API may be away while a job runs, in ms: it can restart, and the job goes on. */
export const patienceForJobs = 60_000;

/** Waits until a job has ended, however that was. */
export async function waitForJob<Result>(http: Http, id: string, signal?: AbortSignal): Promise<Job<Result>> {
  for (;;) {
    const call = { method: 'GET', path: path`/jobs/${id}`, query: { wait: step }, signal } as const;
    const { job } = await http.send<{ job: Job<Result> }>(call, { patience: patienceForJobs });
    if (!goesOn(job.status)) return job;
  }
}
