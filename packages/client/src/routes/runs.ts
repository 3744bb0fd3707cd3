import type { HttpClient } from '../http/http-client.ts';
import { type ChangeOptions, runJob, submitJob } from '../jobs/run-job.ts';
import type { FinishedRun, Job, RunRequest, SubmittedRun } from '../types.ts';

/** Creates the calls for runs: one command each in a new container. */
export function createRunsApi(http: HttpClient) {
  const post = (body: RunRequest) => ({ method: 'POST', path: '/runs', body }) as const;
  return {
    /** Runs a command and waits for its end. A failed command is not an error; see `exit_code`. */
    create: (body: RunRequest, options?: ChangeOptions): Promise<FinishedRun> => runJob(http, post(body), options),
    /** Submits a run and returns its job without waiting; `jobs.output` follows it. */
    submit: (body: RunRequest, options?: ChangeOptions): Promise<Job<FinishedRun>> => submitJob(http, post(body), options),
    /** Submits up to 100 runs. @returns for each, in their order, its job or why it was not submitted */
    submitBatch: async (runs: readonly RunRequest[], { signal, idempotencyKey }: ChangeOptions = {}): Promise<readonly SubmittedRun[]> => {
      const headers = { ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }) };
      const request = { method: 'POST', path: '/runs/batch', body: { runs }, headers } as const;
      return (await http.send<{ runs: readonly SubmittedRun[] }>(request, { signal })).runs;
    },
  };
}
