import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { resubmitWithdrawn } from '../http/retry.ts';
import { cancelJob } from '../jobs/cancel-job.ts';
import { followOutput, type OutputOptions } from '../jobs/follow-output.ts';
import { getJobResult } from '../jobs/job-result.ts';
import type { OutputEvent } from '../jobs/output-event.ts';
import type { CallOptions } from '../jobs/run-job.ts';
import { waitForJob } from '../jobs/wait-for-job.ts';
import type { Job, JobPage, JobsQuery } from '../types.ts';

/** Creates the calls for jobs. */
export function createJobsApi(http: HttpClient) {
  return {
    get: async (id: string, { signal }: CallOptions = {}): Promise<Job> =>
      (await http.send<{ job: Job }>({ method: 'GET', path: path`/jobs/${id}`, signal })).job,
    /** Lists jobs, the newest first. Pass the `cursor` of a page to get the next one. */
    list: async (query: JobsQuery = {}, { signal }: CallOptions = {}): Promise<JobPage> => {
      const { jobs, cursor } = await http.send<JobPage>({ method: 'GET', path: '/jobs', query, signal });
      return { jobs, cursor };
    },
    /** Waits until a job is finished, whatever its outcome. */
    wait: (id: string, { signal }: CallOptions = {}): Promise<Job> => waitForJob(http, id, signal),
    /** Waits for the result of a job. @throws ApiError if it does not succeed */
    result: async <Result>(job: Job<Result>, { signal }: CallOptions = {}): Promise<Result> =>
      getJobResult(await waitForJob<Result>(http, job.id, signal)),
    /** Cancels a job, which stops its command in the container, and returns the finished job. */
    cancel: (id: string): Promise<Job> => cancelJob(http, id),
    /**
     * Calls a function that submits a job and waits for its outcome, such as by `output`; calls it again, within the time for retries,
     * if it throws an ApiError of a job that was withdrawn before it ran. Calls that wait for their job do this themselves.
     * @throws what the function throws in the last attempt, or the reason of the signal
     */
    resubmitWithdrawn: <Value>(submitAndWait: () => Promise<Value>, { signal }: CallOptions = {}): Promise<Value> =>
      resubmitWithdrawn(submitAndWait, http.settings, signal),
    /** Yields the output of the job's command from the start, as it is written, and the job's outcome. */
    output: (id: string, options?: OutputOptions): AsyncGenerator<OutputEvent> => followOutput(http, id, options),
  };
}
