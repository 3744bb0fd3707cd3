import { path } from '../http/call.ts';
import type { Http } from '../http/http.ts';
import { cancelJob } from '../jobs/cancel.ts';
import { resultOf } from '../jobs/job.ts';
import { followOutput, type OutputOptions } from '../jobs/output.ts';
import type { OutputEvent } from '../jobs/output-event.ts';
import type { CallOptions } from '../jobs/perform.ts';
import { waitForJob } from '../jobs/wait.ts';
import type { Job, JobPage, JobsQuery } from '../types.ts';

/** Everything about jobs. */
export function jobsOf(http: Http) {
  return {
    get: async (id: string, { signal }: CallOptions = {}): Promise<Job> =>
      (await http.send<{ job: Job }>({ method: 'GET', path: path`/jobs/${id}`, signal })).job,
    /** The newest first; `cursor` asks for more, where there is one. */
    list: async (query: JobsQuery = {}, { signal }: CallOptions = {}): Promise<JobPage> => {
      const { jobs, cursor } = await http.send<JobPage>({ method: 'GET', path: '/jobs', query, signal });
      return { jobs, cursor };
    },
    /** Waits until a job has ended, however that was. */
    wait: (id: string, { signal }: CallOptions = {}): Promise<Job> => waitForJob(http, id, signal),
    /** Waits for what a job gives. @throws ApiError for every end but success */
    result: async <Result>(job: Job<Result>, { signal }: CallOptions = {}): Promise<Result> =>
      resultOf(await waitForJob<Result>(http, job.id, signal)),
    /** Cancels a job, in its container too, and gives it as it ended. */
    cancel: (id: string): Promise<Job> => cancelJob(http, id),
    /** What its command writes, as it comes and from the beginning, and how it ended. */
    output: (id: string, options?: OutputOptions): AsyncGenerator<OutputEvent> => followOutput(http, id, options),
  };
}
