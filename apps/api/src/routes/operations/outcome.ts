import { ApiError, type ErrorBody } from '@podman-api/errors';
import type { JobStatus, Jobs, Outcome } from '@podman-api/jobs';
import type { Task } from '@podman-api/operations';
import { jobUrl } from '../../context.ts';

const emptyOutput = { chunks: [], truncated: false };

/** Returns the result of a job, with its output if its operation has one. */
export function presentResult(operation: Task | undefined, { result, output }: Outcome): object | undefined {
  return result && operation?.present ? operation.present(result, output ?? emptyOutput) : result;
}

/** Returns the error of a job, with what its command had written by then. */
export function presentError(operation: Task | undefined, { error, output }: Outcome): ErrorBody | undefined {
  if (!error?.execution || !operation?.present) return error;
  return { ...error, execution: operation.present(error.execution, output ?? emptyOutput) };
}

/** Creates the 408 for a job that continues after its caller's wait has ended. */
export function waitTimeoutError(id: string, status: JobStatus): ApiError {
  const url = jobUrl(id);
  const message = `The job did not end in time. It continues (${status}): read its result at ${url}.`;
  return new ApiError('TimeoutError', message, { job: { id, status, url } });
}

/**
 * Returns the outcome of a job whose caller's wait has ended: the job may have ended since then.
 * @throws ApiError (408) if it continues; (503) if Redis is unavailable
 */
export async function readLateOutcome(jobs: Pick<Jobs, 'read'>, id: string): Promise<Outcome> {
  const job = await jobs.read(id);
  if (!job?.outcome) throw waitTimeoutError(id, job?.status ?? 'running');
  return job.outcome;
}

/** Creates the 408 for a job that no worker began in time. */
function withdrawnError(id: string): ApiError {
  const message = 'No worker was free in time. The job was withdrawn and will not run: send the request again later.';
  return new ApiError('TimeoutError', message, { job: { id, status: 'withdrawn', url: jobUrl(id) } });
}

/**
 * Returns the result of a job.
 * @throws ApiError for every outcome but success
 */
export function resultOf(operation: Task, id: string, outcome: Outcome): object | undefined {
  const url = jobUrl(id);
  const { status } = outcome;
  if (status === 'succeeded') return presentResult(operation, outcome);
  const job = { id, status, url };
  const error = presentError(operation, outcome);
  if (error) throw ApiError.fromJSON(error).withFields(status === 'failed' ? {} : { job });
  throw withdrawnError(id);
}
