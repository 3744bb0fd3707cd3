import { ApiError, JobOutcomeError, toApiError } from '@podman-api/errors';
import { createOutcome, type EndStatus, jobCreatedAtMs, type Outcome, type Perform, type ReceivedJob } from '@podman-api/jobs';
import {
  allocationOf,
  type CommitPauses,
  type ContainerAllocation,
  type ContainerFeed,
  type Effect,
  enforcePolicy,
  findTask,
  type Lane,
  type Policy,
  type PoolContainers,
  type Renewals,
  type Task,
  type TaskContext,
  validateInput,
} from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import type { Config, Log } from '@podman-api/runtime';
import { currentJob } from './current-job.ts';
import type { CallerActivity } from './pools/caller-activity.ts';

/** Dependencies for performing jobs. */
export interface PerformParts {
  /** The podman of each lane. */
  readonly lanes: Readonly<Record<Lane, Podman>>;
  readonly config: Config<'JOB_TIMEOUT' | 'NODE_NAME'>;
  readonly policy: Policy;
  readonly renewals: Renewals;
  readonly pools: PoolContainers;
  readonly commitPauses: CommitPauses;
  readonly activity: Pick<CallerActivity, 'begin'>;
  readonly containers: ContainerFeed;
  /** Records what a job has changed. Resolves when the fleet's directory and the quotas are updated. */
  readonly recordEffect: (effect: Effect | undefined, job: string, allocation: ContainerAllocation | undefined) => Promise<void>;
  readonly log: Log;
}

/** Time limit of a read. Shorter than that of a command, because a few reads that hang block all others. */
const readTimeoutSeconds = 120;

/** Returns the function that performs a job: finds its task, validates the input again, and runs it within its time limit. */
export function createPerform(parts: PerformParts): Perform {
  return job =>
    // Not the whole job: work that it starts may outlive it, and would keep its input and output in memory.
    currentJob.run({ id: job.id, operation: job.operation }, () =>
      perform(parts, job).then(
        result => createOutcome('succeeded', { result }),
        (thrown: unknown) => createFailure(thrown, parts.log),
      ),
    );
}

async function perform(parts: PerformParts, job: ReceivedJob): Promise<object> {
  const { id, controller, output } = job;
  const { lanes, config, policy } = parts;
  const task = requireTask(job.operation);
  // The API may have another version, so the input is validated again.
  const input = validateInput(task, job.input);
  enforcePolicy(task, input, policy);
  const defaultSeconds = task.lane === 'reads' ? Math.min(readTimeoutSeconds, config.JOB_TIMEOUT) : config.JOB_TIMEOUT;
  const limitSeconds = task.timeout?.(input) ?? defaultSeconds;
  const end = parts.activity.begin(task.lane);
  const timer = setTimeout(() => controller.abort(timeoutError(limitSeconds, task.lane)), limitSeconds * 1000);
  try {
    const context = createContext(parts, job, controller.signal, output, job.channel);
    const result = await task.run(lanes[task.lane], input, context);
    // The job has succeeded even if Redis cannot record it now: the next list of the node's containers updates the directory.
    await recordTaskEffect(parts, task, input, result, context).catch(error =>
      parts.log.warn({ err: error, job: id }, 'could not update the directory of containers; the next list of containers updates it'),
    );
    return result;
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** Records what a task has changed: the container it has created, renamed or removed, and the quotas of the caller's token. */
export async function recordTaskEffect(
  { recordEffect }: PerformParts,
  task: Task,
  input: object,
  result: object,
  context: TaskContext,
): Promise<void> {
  const effect = task.effect?.(input, result);
  const resources = task.resources?.(input);
  const allocation = resources && allocationOf(context, resources);
  if (effect || allocation) await recordEffect(effect, context.job, allocation);
}

/** Returns the task of a job. @throws ApiError if this version of the worker has no such task */
export function requireTask(name: string): Task {
  const task = findTask(name);
  if (task) return task;
  throw new ApiError('ServiceUnavailableError', `The worker of this node does not support ${name}: update it to the version of the API.`);
}

/** Creates the context in which the task of a job runs. */
export function createContext(
  { config, policy, renewals, pools, commitPauses, containers }: PerformParts,
  { id, token }: Pick<ReceivedJob, 'id' | 'token'>,
  signal: AbortSignal,
  output: TaskContext['output'],
  channel: TaskContext['channel'],
): TaskContext {
  return {
    job: id,
    createdAtMs: jobCreatedAtMs(id),
    node: config.NODE_NAME,
    token,
    signal,
    policy,
    renewals,
    pools,
    commitPauses,
    containers,
    output,
    channel,
  };
}

/** Always rejects: a recovered job has no channel, because a channel ends with its worker. */
export const rejectChannel = () =>
  Promise.reject(
    new ApiError('ServiceUnavailableError', 'The worker of the job died, and its channel was closed: send the request again.'),
  );

function timeoutError(seconds: number, lane: Lane): JobOutcomeError {
  const where = lane === 'commands' ? ', in the container too' : '';
  return new JobOutcomeError('timed_out', `The job reached its time limit of ${seconds} s and was ended${where}.`);
}

function createFailure(thrown: unknown, log: Log): Outcome {
  const error = toApiError(thrown);
  if (error.type === 'InternalError') log.error({ err: error.cause }, error.message);
  return createOutcome(statusOf(error), { error: error.toJSON() });
}

function statusOf(error: ApiError): EndStatus {
  return error instanceof JobOutcomeError ? error.outcome : 'failed';
}
