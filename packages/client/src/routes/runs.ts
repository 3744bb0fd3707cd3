import type { HttpClient } from '../http/http-client.ts';
import { type ChangeOptions, runJob, submitJob } from '../jobs/run-job.ts';
import type { BatchEntry, Job, Run, RunRequest } from '../types.ts';

/** Creates the calls for runs: one command each, in a container of its own that is removed afterwards. */
export function createRunsApi(http: HttpClient) {
  const post = (body: RunRequest) => ({ method: 'POST', path: '/runs', body }) as const;
  return {
    /** Runs a command and waits for it. A failed command is not an error; see `exit_code` and `timed_out`. */
    create: (body: RunRequest, options?: ChangeOptions): Promise<Run> => runJob(http, post(body), options),
    /** Submits a run and returns its job without waiting; `jobs.output` follows it. */
    submit: (body: RunRequest, options?: ChangeOptions): Promise<Job<Run>> => submitJob(http, post(body), options),
    /** Submits up to 100 runs. @returns for each run its job, or the error for which it was not submitted */
    submitBatch: async (runs: readonly RunRequest[], { signal, idempotencyKey }: ChangeOptions = {}): Promise<readonly BatchEntry[]> => {
      const headers = { ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }) };
      const request = { method: 'POST', path: '/runs/batch', body: { runs }, headers, signal } as const;
      return (await http.send<{ runs: readonly BatchEntry[] }>(request)).runs;
    },
  };
}
