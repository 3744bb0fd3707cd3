import type { Writable } from 'node:stream';
import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import Joi from 'joi';
import { podmanProcessEnv } from '../container/job-processes.ts';
import { readEntry } from '../container/lookup/inspect-entry.ts';
import { hasAutomaticRestart, restartError } from '../container/mounts/mount-policy.ts';
import { findMountsToVerify } from '../container/mounts/mounts-to-verify.ts';
import { type MountCheck, repeatWhileUndone, setUpOnce } from '../container/mounts/start-verified.ts';
import { shortId } from '../container/short-id.ts';
import { interactiveLimit } from '../container/terminal/interactive-limit.ts';
import { packOutput } from '../container/terminal/output-frames.ts';
import type { ContainerEvent } from '../container-feed.ts';
import type { RequestedTask, TaskContext } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { findContainer } from './find-container.ts';
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
  /** Time of its last start as podman prints it. */
  readonly startedAt: string;
  readonly hasStdin: boolean;
}

async function startAttached(podman: Podman, { name, stdin: hasStdin }: StartAttachedInput, context: TaskContext): Promise<object> {
  const channel = await context.channel();
  const target = { ...(await findTarget(podman, name, context)), hasStdin };
  return repeatWhileUndone(context.signal, () => startOnce(podman, channel, target, context));
}

/** @returns `undefined` if podman's clean-up after the last run has undone the set-up before the start */
async function startOnce(podman: Podman, channel: ByteChannel, target: Target, context: TaskContext): Promise<object | undefined> {
  const { id, check, startedAt, hasStdin } = target;
  const setUp = await setUpOnce(podman, id, check, { signal: context.signal });
  if (!setUp) return undefined;
  const started = Promise.withResolvers<void>();
  const unsubscribe = context.containers.subscribe({
    onEvent({ id: changed, status }: ContainerEvent) {
      if (changed === shortId(id) && (status === 'start' || status === 'died')) started.resolve();
    },
    onList() {},
    onStop: () => started.resolve(),
  });
  const announced = Promise.withResolvers<void>();
  let isBroken = false;
  // Not before the start: the next attempt would lack what this one has read.
  const serve = async (stdin: Writable | undefined) => {
    await started.promise;
    await serveInput(podman, channel, { container: id, closesStdin: true, stdin });
  };
  const attached = podman.startAttached(
    { container: id, pid: setUp.pid, ...(hasStdin && { onStdin: (stdin: Writable) => void serve(stdin) }) },
    {
      signal: context.signal,
      env: podmanProcessEnv(context),
      async take(stream, bytes) {
        await announced.promise;
        // Without a client the output is discarded, so that the container is not blocked.
        if (!isBroken)
          await channel.write(packOutput({ stream, bytes })).catch(() => {
            isBroken = true;
          });
      },
    },
  );
  if (!hasStdin) void serve(undefined);
  try {
    const isAnnounced = await Promise.race([started.promise.then(() => true), attached.then(() => false)]);
    if (isAnnounced) await announce(channel, announced);
    const { exitCode, fault, faultText } = await attached;
    if (exitCode === null) context.signal.throwIfAborted();
    // A container that is removed at its end has run.
    const state = await readEntry(podman, id, context.signal).then(
      ({ State }) => State,
      () => undefined,
    );
    if (fault && state && Date.parse(state.StartedAt) <= 0) throw fault;
    if (!isAnnounced && !fault && state?.StartedAt === startedAt && state.Status !== 'running') return undefined;
    if (!isAnnounced) await announce(channel, announced);
    if (faultText && !isBroken) await channel.write(packOutput({ stream: 'stderr', bytes: Buffer.from(faultText) })).catch(() => {});
    await channel.send({ type: 'exit', exit_code: exitCode }).catch(() => {});
    await channel.end().catch(() => {});
    return { exit_code: exitCode };
  } finally {
    announced.resolve();
    unsubscribe();
  }
}

/** Tells the client that the container has started, before any output. */
async function announce(channel: ByteChannel, announced: PromiseWithResolvers<void>): Promise<void> {
  await channel.send({ type: 'ready', offset: 0 }).catch(() => {});
  announced.resolve();
}

/** Finds a container that may be started, with the mounts that the policy restricts: they are verified, as every start does. */
async function findTarget(podman: Podman, name: string, context: TaskContext): Promise<Omit<Target, 'hasStdin'>> {
  const { policy } = context;
  const entry = await findContainer(podman, name, context);
  if (entry.State.Status === 'running') throw new ApiError('ConflictError', `The container ${name} is running already.`);
  const toVerify = policy.mounts.length > 0 ? await findMountsToVerify(entry, policy) : [];
  if (toVerify.length > 0 && hasAutomaticRestart(entry.HostConfig.RestartPolicy.Name)) throw restartError();
  const check = { targets: toVerify.map(({ Destination }) => Destination), listed: policy.mounts };
  return { id: entry.Id, check, startedAt: entry.State.StartedAt };
}
