import { ApiError, undoOrThrowUnknown } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { letFinishAndDiscard, planCreate } from '../../container/create/plan-create.ts';
import { findByJob, removeCreatedContainer, removeLeftover } from '../../container/create/recover.ts';
import { podmanProcessEnv, waitForPodman } from '../../container/job-processes.ts';
import { setUpVerified } from '../../container/mounts/start-verified.ts';
import { isNeverSetUp } from '../../container/status.ts';
import type { TaskContext } from '../../operation.ts';
import { shortId } from '../../short-id.ts';
import { executeRun } from './execute.ts';
import type { RunInput } from './input.ts';
import { putFiles } from './put-files.ts';
import { readOutputs } from './read-outputs.ts';
import type { RunOutcome } from './result.ts';

/** The longest time limit of a job: the maximum of JOB_TIMEOUT and `timeout`. */
const maxRunSeconds = 86_400;
/** Time for the pull of the image and the copies of files, which the time limit of the command does not include. */
export const preparationSeconds = 600;
const cleanupFailedReason = 'the run was not started, and its container could not be removed';
/** Time limit of the removal of a container by podman. */
const removeTimeoutMs = 60_000;

/**
 * Creates a container, puts files into it, runs its command to the end, reads the outputs, and always removes the container. It is
 * kept only if the input says so and the command has ended.
 * @throws ApiError if the command could not be started; the reason of the signal if the job was cancelled; JobOutcomeError (unknown)
 *   if its end was not observed
 */
export async function runContainer(podman: Podman, input: RunInput, context: TaskContext): Promise<RunOutcome> {
  const { stdin, files = [], outputs = [], keep = false } = input;
  const { signal } = context;
  const name = nameOf(context);
  const beganAtMs = performance.now();
  const plan = await planCreate(podman, { ...input, ...leaseOf(input), name }, context);
  const { targetsToVerify } = plan;
  let id: string | undefined;
  let isKept = false;
  try {
    const args = ['create', ...(stdin === undefined ? [] : ['--interactive']), ...(keep ? [] : ['--log-driver=none']), ...plan.args];
    id = (await podman.run(args, { ...plan.options, signal, stop: letFinishAndDiscard })).trim();
    await putFiles(podman, id, files, targetsToVerify, signal);
    const check = { targets: targetsToVerify, listed: context.policy.mounts };
    const setUp = await setUpVerified(podman, id, check, { env: podmanProcessEnv(context), signal, stop: letFinishAndDiscard });
    const limitMs = commandLimitMs(input, performance.now() - beganAtMs);
    const verdict = await executeRun(podman, { setUp, stdin, limitMs }, context);
    const read = await readOutputs(podman, id, outputs, targetsToVerify);
    isKept = keep;
    return { ...verdict, files: read, ...(isKept && { container: { id: shortId(id), name } }) };
  } finally {
    if (!isKept) await removeRun(podman, id, input, context);
  }
}

/**
 * Removes the leftovers of a run whose worker died.
 * @returns an error if the command was never started; `undefined` if it may have run, also if there is no container: another worker
 * may have removed it just now
 */
export async function recoverRun(podman: Podman, context: TaskContext): Promise<ApiError | undefined> {
  const before = await findByJob(podman, context.job);
  await removeLeftover(podman, context);
  // A podman that was still creating the container may have finished since. It has not started the container: only a worker does that.
  await waitForPodman(podman, context);
  await removeLeftover(podman, context);
  const [made] = before;
  if (made === undefined || !isNeverSetUp(made.status)) return undefined;
  return new ApiError(
    'ServiceUnavailableError',
    'The worker died before the command was started; nothing is left of it. Send the request again.',
  );
}

/** Returns the name of a run's container; the digits of the job's id that it ends with are random. */
function nameOf({ job }: Pick<TaskContext, 'job'>): string {
  return `run-${job.slice(-16)}`;
}

/**
 * Returns the ttl of the container's label. Without `keep` it is a lease: the node's workers remove the container if everything
 * else has failed.
 */
function leaseOf({ keep = false, ttl, timeout }: RunInput): { readonly ttl?: number } {
  if (keep) return ttl === undefined ? {} : { ttl };
  return { ttl: Math.min(ttl ?? Number.POSITIVE_INFINITY, timeout ?? maxRunSeconds) + preparationSeconds };
}

/** Returns the time limit of the command: `timeout`, or the rest of `ttl` after the preparation if that is less. */
function commandLimitMs({ timeout, ttl }: RunInput, elapsedMs: number): number | undefined {
  const limits = [...(timeout === undefined ? [] : [timeout * 1000]), ...(ttl === undefined ? [] : [Math.max(0, ttl * 1000 - elapsedMs)])];
  // No job runs for longer, and a timer takes no more than 2^31 ms.
  return limits.length === 0 ? undefined : Math.min(...limits, maxRunSeconds * 1000);
}

/**
 * Removes the container of a run. If podman fails, the node's workers keep trying, as for a container whose ttl has expired.
 * @throws JobOutcomeError (unknown) if podman fails, and the container may remain
 */
async function removeRun(podman: Podman, id: string | undefined, input: RunInput, context: TaskContext): Promise<void> {
  if (id === undefined) {
    // Podman may have created it without returning the id. With a lease, it is removed later.
    const remove = () => removeLeftover(podman, context);
    return leaseOf(input).ttl === undefined ? undoOrThrowUnknown(remove, cleanupFailedReason) : remove().catch(() => {});
  }
  await removeCreatedContainer(podman, { id }, AbortSignal.timeout(removeTimeoutMs)).catch(() => {
    context.renewals.set(shortId(id), Date.now(), context.createdAtMs);
  });
}
