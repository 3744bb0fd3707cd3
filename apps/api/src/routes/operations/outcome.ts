import { ApiError, type ErrorBody } from '@podman-api/errors';
import type { JobStatus, Jobs, Outcome } from '@podman-api/jobs';
import type { Task } from '@podman-api/operations';
import { jobUrl } from '../../context.ts';

const emptyOutput = { chunks: [], truncated: false, incomplete: false };

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
 * Returns the result of a job as its operation presents it.
 * @throws ApiError for every outcome but success
 */
export function resultOf(operation: Task, id: string, outcome: Outcome): object | undefined {
  requireSuccess(operation, id, outcome);
  return presentResult(operation, outcome);
}

/**
 * Returns the result of a job as `run` of its task returned it, without the output of its command.
 * @throws ApiError for every outcome but success; Error if the result was deleted for OUTPUT_SPACE, or sealed with another SECRET_KEY
 */
export function taskResultOf<Result extends object>(task: Task<object, Result>, id: string, outcome: Outcome): Result {
  requireSuccess(task, id, outcome);
  const { result } = outcome;
  if (isResultOf(task, result)) return result;
  throw new Error(
    `the result of the job ${id} cannot be read: it was deleted because OUTPUT_SPACE is full, or sealed with another SECRET_KEY`,
  );
}

/** Narrows the result of a job to the type that its task declares. It is not validated: it comes from the task itself, on a worker. */
function isResultOf<Result extends object>(_task: Task<object, Result>, result: object | undefined): result is Result {
  return result !== undefined;
}

/** @throws ApiError for every outcome but success */
function requireSuccess(operation: Task, id: string, outcome: Outcome): void {
  const { status } = outcome;
  if (status === 'succeeded') return;
  const error = presentError(operation, outcome);
  if (!error) throw withdrawnError(id);
  throw ApiError.fromJSON(error).withFields(status === 'failed' ? {} : { job: { id, status, url: jobUrl(id) } });
}
