import { ApiError, asApiError, JobEnded } from '@podman-api/errors';
import {
  allow,
  type Context,
  check,
  type Effect,
  findTask,
  type Lane,
  type Policy,
  type Renewals,
  type Task,
} from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import { type EndStatus, ended, jobCreatedAt, type Outcome, type Perform, type ReceivedJob } from '@podman-api/queue';
import type { Config, Log } from '@podman-api/runtime';

export interface PerformParts {
  /** The podman of each lane. */
  readonly lanes: Readonly<Record<Lane, Podman>>;
  readonly config: Config<'JOB_TIMEOUT' | 'NODE_NAME'>;
  readonly policy: Policy;
  readonly renewals: Renewals;
  /** Takes note of what a job has done to the containers of the node, and resolves when the fleet knows. */
  readonly note: (effect: Effect, job: string) => Promise<void>;
  readonly log: Log;
}

/** Performs jobs: finds the operation, checks the input again, and runs it for as long as it may take. */
export function createPerform(parts: PerformParts): Perform {
  return job =>
    perform(parts, job).then(
      result => ended('succeeded', { result }),
      (thrown: unknown) => failure(thrown, parts.log),
    );
}

async function perform(parts: PerformParts, job: ReceivedJob): Promise<object> {
  const { id, controller, output } = job;
  const { lanes, config, policy } = parts;
  const task = taskOf(job.operation);
  // A fleet is never all on one version: what the API let pass is checked again where it counts.
  const input = check(task, job.input);
  allow(task, input, policy);
  const limit = task.timeout?.(input) ?? config.JOB_TIMEOUT;
  const timer = setTimeout(() => controller.abort(overdue(limit)), limit * 1000);
  try {
    const result = await task.run(lanes[task.lane], input, contextOf(parts, id, controller.signal, output));
    const effect = task.effect?.(input, result);
    // What was done is done, also where Redis takes no note of it now: the next list of the node's containers tells.
    if (effect) await parts.note(effect, id).catch(error => parts.log.warn({ err: error, job: id }, 'the directory was not told'));
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** What a job of this name is of. @throws ApiError where this version knows none */
export function taskOf(name: string): Task {
  const task = findTask(name);
  if (task) return task;
  throw new ApiError('PodmanAPIError', `This node's worker does not know ${name}: bring it to the API's version.`);
}

/** What an operation is told of the job that it runs for. */
export function contextOf(
  { config, policy, renewals }: PerformParts,
  job: string,
  signal: AbortSignal,
  output: Context['output'],
): Context {
  return { job, createdAt: jobCreatedAt(job), node: config.NODE_NAME, signal, policy, renewals, output };
}

function overdue(seconds: number): JobEnded {
  return new JobEnded('timed_out', `The job reached its time limit of ${seconds} s and was ended, in the container too.`);
}

function failure(thrown: unknown, log: Log): Outcome {
  const error = asApiError(thrown);
  if (error.type === 'InternalError') log.error({ err: error.cause }, error.message);
  return ended(statusOf(error), { error: error.toJSON() });
}

function statusOf(error: ApiError): EndStatus {
  return error instanceof JobEnded ? error.outcome : 'failed';
}
