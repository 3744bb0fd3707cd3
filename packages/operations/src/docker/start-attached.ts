import type { Writable } from 'node:stream';
import { ApiError, unknownOutcomeError } from '@podman-api/errors';
import type { AttachResult, Podman } from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import Joi from 'joi';
import { podmanProcessEnv } from '../container/job-processes.ts';
import type { InspectEntry } from '../container/lookup/inspect-entry.ts';
import { hasAutomaticRestart, restartError } from '../container/mounts/mount-policy.ts';
import { findMountsToVerify } from '../container/mounts/mounts-to-verify.ts';
import { type MountCheck, repeatWhileUndone, setUpOnce } from '../container/mounts/start-verified.ts';
import { hasEnded } from '../container/status.ts';
import { interactiveLimit } from '../container/terminal/interactive-limit.ts';
import { defineRequestedTask } from '../define.ts';
import { maxStreamSeconds } from '../max-stream-seconds.ts';
import type { TaskContext } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { findContainer } from './find-container.ts';
import { HeldOutput } from './held-output.ts';
import { serveInput } from './serve-input.ts';
import { hasStarted, readState, type StartTarget, StartWatch } from './start-watch.ts';

interface StartAttachedInput {
  readonly name: string;
  /** Whether the client can write to the stdin of the container. */
  readonly stdin: boolean;
}

/**
 * Starts a container with a client that was attached before: it gets all output from the first byte. The output goes to the job's
 * channel in frames, see `packOutput`, after a message `{"type": "ready"}` when the container has started. The container continues
 * if the client disconnects.
 */
export const dockerStartAttached = defineRequestedTask<StartAttachedInput>({
  name: 'docker.start_attached',
  scope: 'containers:write',
  reach: 'container',
  input: Joi.object<StartAttachedInput>({ name: containerName().required(), stdin: Joi.boolean().required() }),
  lane: 'waits',
  timeout: () => maxStreamSeconds,
  run: (podman, input, context) => interactiveLimit.run(context, () => startAttached(podman, input, context)),
});

/** A container that was found, and may be started. */
interface StartableContainer extends StartTarget {
  readonly check: MountCheck;
  readonly hasAutomaticRestart: boolean;
  readonly hasStdin: boolean;
}

async function startAttached(podman: Podman, { name, stdin: hasStdin }: StartAttachedInput, context: TaskContext): Promise<object> {
  const channel = await context.channel();
  const target = { ...(await findTarget(podman, name, context)), hasStdin };
  return repeatWhileUndone(context.signal, () => startOnce(podman, channel, target, context));
}

/**
 * Starts a container and waits for its end.
 * @returns `undefined` if podman's clean-up after the last run has undone the set-up before the start
 * @throws JobOutcomeError (unknown) if it cannot be known whether this has started the container, or how it has ended
 */
async function startOnce(
  podman: Podman,
  channel: ByteChannel,
  target: StartableContainer,
  context: TaskContext,
): Promise<object | undefined> {
  const { id, check, hasStdin } = target;
  const { signal } = context;
  const setUp = await setUpOnce(podman, id, check, { signal });
  if (!setUp) return undefined;
  const start = new StartWatch(podman, target, context);
  const output = new HeldOutput(channel);
  // Waits for the start: input that this attempt has read would be missing in the next attempt.
  const serve = async (stdin: Writable | undefined) => {
    await start.started;
    if (!start.isOver) await serveInput(podman, channel, { container: id, closesStdin: true, stdin });
  };
  const attached = podman.startAttached(
    { container: id, pid: setUp.pid, ...(hasStdin && { onStdin: (stdin: Writable) => void serve(stdin) }) },
    { signal, env: podmanProcessEnv(context), onOutput: output.write },
  );
  if (!hasStdin) void serve(undefined);
  let isAnnounced = false;
  try {
    isAnnounced = await Promise.race([start.started.then(() => true), attached.then(() => false)]);
    if (isAnnounced) await output.announce();
    const result = await attached;
    if (result.exitCode === null) signal.throwIfAborted();
    const state = await readState(podman, id, signal).catch(() => 'unreadable' as const);
    signal.throwIfAborted();
    if (!isAnnounced && !(await hasRun(result, state, { target, start, output }))) return undefined;
    if (wasStartedByOthers(result, state, target)) throw unknownOutcomeError('something else has started the container too');
    if (!isAnnounced) await output.announce();
    isAnnounced = true;
    if (result.faultText) await output.write('stderr', result.faultText);
    await output.end(result.exitCode);
    return { exit_code: result.exitCode };
  } finally {
    start.stop();
    if (!isAnnounced) output.discard();
  }
}

/** State of a container after podman has ended; `undefined` if the container is gone. */
type StateAfter = InspectEntry['State'] | 'unreadable' | undefined;

/**
 * Returns whether an attached start has run the container although no start was observed. `false` means that the set-up had been
 * undone before. Podman exits with 0 in both cases.
 * @throws PodmanFault if the start failed; JobOutcomeError (unknown) if it cannot be known
 */
async function hasRun(
  { exitCode, fault }: AttachResult,
  state: StateAfter,
  { target, start, output }: { readonly target: StartTarget; readonly start: StartWatch; readonly output: HeldOutput },
): Promise<boolean> {
  if (state === 'unreadable') throw unknownOutcomeError('the state of the container could not be read after its end');
  if (state) {
    if (hasStarted(state, target)) return true;
    if (fault) throw fault;
    if (exitCode === 0) return false;
    throw unknownOutcomeError(`podman ended before the start, ${exitCode === null ? 'by a signal' : `with exit code ${exitCode}`}`);
  }
  // Podman removes a container that was created with `--rm` at its end.
  if ((exitCode !== 0 && !fault) || output.hasStdout || (await start.wasReported())) return true;
  throw fault ?? unknownOutcomeError('the container was removed, and its start was not seen');
}

/** Returns whether podman started nothing, because something else had started the container just before. */
function wasStartedByOthers({ exitCode }: AttachResult, state: StateAfter, target: StartableContainer): boolean {
  if (exitCode !== 0 || !state || state === 'unreadable') return false;
  if (state.Status === 'running') return !target.hasAutomaticRestart;
  return hasEnded(state.Status) && state.ExitCode !== 0;
}

/** Finds a container that may be started. @returns it, with the mounts that must be verified before its start */
async function findTarget(podman: Podman, name: string, context: TaskContext): Promise<Omit<StartableContainer, 'hasStdin'>> {
  const { policy } = context;
  const entry = await findContainer(podman, name, context);
  if (entry.State.Status === 'running') throw new ApiError('ConflictError', `The container ${name} is running already.`);
  const toVerify = policy.mounts.length > 0 ? await findMountsToVerify(entry, policy) : [];
  const restarts = hasAutomaticRestart(entry.HostConfig.RestartPolicy.Name);
  if (toVerify.length > 0 && restarts) throw restartError();
  const check = { targets: toVerify.map(({ Destination }) => Destination), listed: policy.mounts };
  return { id: entry.Id, check, lastStartedAt: entry.State.StartedAt, hasAutomaticRestart: restarts };
}
