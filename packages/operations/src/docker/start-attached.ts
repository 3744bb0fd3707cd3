import type { Writable } from 'node:stream';
import { ApiError, JobOutcomeError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import Joi from 'joi';
import { failedFor } from '../container/failed-for.ts';
import { podmanProcessEnv } from '../container/job-processes.ts';
import { type InspectEntry, readEntry } from '../container/lookup/inspect-entry.ts';
import { hasAutomaticRestart, restartError } from '../container/mounts/mount-policy.ts';
import { findMountsToVerify } from '../container/mounts/mounts-to-verify.ts';
import { type MountCheck, repeatWhileUndone, setUpOnce } from '../container/mounts/start-verified.ts';
import { shortId } from '../container/short-id.ts';
import { interactiveLimit } from '../container/terminal/interactive-limit.ts';
import type { ContainerEvent } from '../container-feed.ts';
import type { RequestedTask, TaskContext } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { findContainer } from './find-container.ts';
import { HeldOutput } from './held-output.ts';
import { serveInput } from './serve-input.ts';

interface StartAttachedInput {
  readonly name: string;
  /** Whether the client can write to the stdin of the container. */
  readonly stdin: boolean;
}

/** Time limit of a job that a client is attached by, in seconds, a week: the container itself continues. */
export const attachmentTimeoutSeconds = 604_800;

/**
 * Starts a container with a client that was attached before: it gets all output from the first byte. The output goes to the job's
 * channel in frames, see `packOutput`, after a message `{"type": "ready"}` when the container has started. The container continues
 * if the client disconnects.
 */
export const dockerStartAttached: RequestedTask<StartAttachedInput> = {
  name: 'docker.start_attached',
  scope: 'containers:write',
  reach: 'container',
  input: Joi.object<StartAttachedInput>({ name: containerName().required(), stdin: Joi.boolean().required() }),
  secrets: [],
  lane: 'waits',
  isRepeatable: false,
  changes: () => true,
  timeout: () => attachmentTimeoutSeconds,
  run: (podman, input, context) => interactiveLimit.run(context, () => startAttached(podman, input, context)),
};

/** A container that was found, and may be started. */
interface Target {
  /** The full id. */
  readonly id: string;
  readonly check: MountCheck;
  /** Time of its last start as podman prints it, by which the next start is recognized. */
  readonly lastStartedAt: string;
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
async function startOnce(podman: Podman, channel: ByteChannel, target: Target, context: TaskContext): Promise<object | undefined> {
  const { id, check, hasStdin } = target;
  const { signal } = context;
  const setUp = await setUpOnce(podman, id, check, { signal });
  if (!setUp) return undefined;
  const start = new StartWatch(podman, target, context);
  const output = new HeldOutput(channel);
  // Not before the start: the next attempt would lack what this one has read.
  const serve = async (stdin: Writable | undefined) => {
    await start.started;
    if (!start.isOver) await serveInput(podman, channel, { container: id, closesStdin: true, stdin });
  };
  const attached = podman.startAttached(
    { container: id, pid: setUp.pid, ...(hasStdin && { onStdin: (stdin: Writable) => void serve(stdin) }) },
    { signal, env: podmanProcessEnv(context), take: output.take },
  );
  if (!hasStdin) void serve(undefined);
  try {
    const isAnnounced = await Promise.race([start.started.then(() => true), attached.then(() => false)]);
    if (isAnnounced) await output.announce();
    const { exitCode, fault, faultText } = await attached;
    start.stop();
    if (exitCode === null) signal.throwIfAborted();
    const state = await readState(podman, id, signal);
    if (!hasStarted(state, target)) {
      if (fault) throw fault;
      if (exitCode === 0) return undefined;
      throw unknownOutcomeError('podman was ended before it had reported the start of the container');
    }
    if (exitCode === 0 && state?.Status === 'running' && !target.hasAutomaticRestart)
      throw unknownOutcomeError('something else has started the container too');
    if (!isAnnounced) await output.announce();
    if (faultText) await output.take('stderr', faultText);
    await output.end(exitCode);
    return { exit_code: exitCode };
  } finally {
    start.stop();
    output.discard();
  }
}

/** Waits for the start of a container. */
class StartWatch {
  readonly #started = Promise.withResolvers<void>();
  readonly #unsubscribe: () => void;
  #isOver = false;

  constructor(podman: Podman, target: Target, { containers, signal }: TaskContext) {
    const shortened = shortId(target.id);
    // An event may be that of the last run, because events are reported late and repeated.
    const examine = async () => {
      if (hasStarted(await readState(podman, target.id, signal), target)) this.#started.resolve();
    };
    this.#unsubscribe = containers.subscribe({
      onEvent({ id, status }: ContainerEvent) {
        if (id === shortened && (status === 'start' || status === 'died')) examine().catch(() => {});
      },
      // Events may be lost.
      onList(listed) {
        if (listed.get(shortened)?.status === 'running') examine().catch(() => {});
      },
      // The state is read when podman has ended.
      onStop() {},
    });
    void this.#started.promise.then(() => this.#unsubscribe());
  }

  /** Resolves after the start; never if there is none. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the wait. */
  stop(): void {
    this.#isOver = true;
    this.#unsubscribe();
  }
}

/** @param state `undefined` if the container is gone: podman removes it at the end of its run if it was created so */
function hasStarted(state: InspectEntry['State'] | undefined, { lastStartedAt }: Target): boolean {
  return state === undefined || state.StartedAt !== lastStartedAt;
}

/** Returns the state of a container; `undefined` if it is gone. */
async function readState(podman: Podman, id: string, signal: AbortSignal): Promise<InspectEntry['State'] | undefined> {
  try {
    return (await readEntry(podman, id, signal)).State;
  } catch (error) {
    if (failedFor('no-container', error)) return undefined;
    throw error;
  }
}

function unknownOutcomeError(why: string): JobOutcomeError {
  return new JobOutcomeError('unknown', `The outcome is unknown: ${why}.`);
}

/** Finds a container that may be started. @returns it, with the mounts that must be verified before its start */
async function findTarget(podman: Podman, name: string, context: TaskContext): Promise<Omit<Target, 'hasStdin'>> {
  const { policy } = context;
  const entry = await findContainer(podman, name, context);
  if (entry.State.Status === 'running') throw new ApiError('ConflictError', `The container ${name} is running already.`);
  const toVerify = policy.mounts.length > 0 ? await findMountsToVerify(entry, policy) : [];
  const restarts = hasAutomaticRestart(entry.HostConfig.RestartPolicy.Name);
  if (toVerify.length > 0 && restarts) throw restartError();
  const check = { targets: toVerify.map(({ Destination }) => Destination), listed: policy.mounts };
  return { id: entry.Id, check, lastStartedAt: entry.State.StartedAt, hasAutomaticRestart: restarts };
}
