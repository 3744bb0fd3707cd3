import { ApiError, JobOutcomeError, toApiError } from '@podman-api/errors';
import { createOutcome, type EndStatus, jobCreatedAtMs, type Outcome, type Perform, type ReceivedJob } from '@podman-api/jobs';
import {
  type Context,
  type Effect,
  enforcePolicy,
  findTask,
  type Lane,
  type Policy,
  type Renewals,
  type Task,
  validateInput,
} from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import type { Config, Log } from '@podman-api/runtime';
import { currentJob } from './current-job.ts';

export interface PerformParts {
  /** The podman of each lane. */
  readonly lanes: Readonly<Record<Lane, Podman>>;
  readonly config: Config<'JOB_TIMEOUT' | 'NODE_NAME'>;
  readonly policy: Policy;
  readonly renewals: Renewals;
  /** Records what a job has done to the containers of the node; resolves when the fleet's directory has it. */
  readonly note: (effect: Effect, job: string) => Promise<void>;
  readonly log: Log;
}

/** Time limit of a read: a podman that hangs must not keep the few that read at once for as long as a command may run. */
const maxReadSeconds = 120;

/** Returns the function that performs a job: finds its task, validates the input again, and runs it within its time limit. */
export function createPerform(parts: PerformParts): Perform {
  return job =>
    currentJob.run(job, () =>
      perform(parts, job).then(
        result => createOutcome('succeeded', { result }),
        (thrown: unknown) => failure(thrown, parts.log),
      ),
    );
}

async function perform(parts: PerformParts, job: ReceivedJob): Promise<object> {
  const { id, controller, output } = job;
  const { lanes, config, policy } = parts;
  const task = taskOf(job.operation);
  // The API may be of another version, so the input is validated here again.
  const input = validateInput(task, job.input);
  enforcePolicy(task, input, policy);
  const defaultSeconds = task.lane === 'reads' ? Math.min(maxReadSeconds, config.JOB_TIMEOUT) : config.JOB_TIMEOUT;
  const limitSeconds = task.timeout?.(input) ?? defaultSeconds;
  const timer = setTimeout(() => controller.abort(timedOut(limitSeconds)), limitSeconds * 1000);
  try {
    const result = await task.run(lanes[task.lane], input, contextOf(parts, id, controller.signal, output));
    const effect = task.effect?.(input, result);
    // The job has succeeded even if Redis cannot record it now: the next list of the node's containers will.
    if (effect) await parts.note(effect, id).catch(error => parts.log.warn({ err: error, job: id }, 'the directory was not told'));
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the task of a job. @throws ApiError if this version does not know it */
export function taskOf(name: string): Task {
  const task = findTask(name);
  if (task) return task;
  throw new ApiError('PodmanAPIError', `This node's worker does not know ${name}: bring it to the API's version.`);
}

/** Returns the context of a task for a job. */
export function contextOf(
  { config, policy, renewals }: PerformParts,
  job: string,
  signal: AbortSignal,
  output: Context['output'],
): Context {
  return { job, createdAt: jobCreatedAtMs(job), node: config.NODE_NAME, signal, policy, renewals, output };
}

function timedOut(seconds: number): JobOutcomeError {
  return new JobOutcomeError('timed_out', `The job reached its time limit of ${seconds} s and was ended, in the container too.`);
}

function failure(thrown: unknown, log: Log): Outcome {
  const error = toApiError(thrown);
  if (error.type === 'InternalError') log.error({ err: error.cause }, error.message);
  return createOutcome(statusOf(error), { error: error.toJSON() });
}

function statusOf(error: ApiError): EndStatus {
  return error instanceof JobOutcomeError ? error.outcome : 'failed';
}
