import type { Writable } from 'node:stream';
import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { podmanProcessEnv } from '../container/job-processes.ts';
import { interactiveLimit } from '../container/terminal/interactive-limit.ts';
import { packOutput } from '../container/terminal/output-frames.ts';
import { defineRequestedTask } from '../define.ts';
import { maxStreamSeconds } from '../max-stream-seconds.ts';
import type { TaskContext } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { findContainer } from './find-container.ts';
import { serveInput } from './serve-input.ts';

interface AttachInput {
  readonly name: string;
  /** Whether the container reads what the client sends. */
  readonly stdin: boolean;
}

/**
 * Attaches a client to a container that runs: it gets what the container prints from then on. The output goes to the job's channel
 * in frames, see `packOutput`, after a message `{"type": "ready"}`. The container continues when the client disconnects, and its stdin
 * stays open when the client ends its own.
 */
export const dockerAttach = defineRequestedTask<AttachInput>({
  name: 'docker.attach',
  scope: 'exec',
  reach: 'container',
  input: Joi.object<AttachInput>({ name: containerName().required(), stdin: Joi.boolean().required() }),
  lane: 'waits',
  changes: ({ stdin }) => stdin,
  timeout: () => maxStreamSeconds,
  run: (podman, input, context) => interactiveLimit.run(context, () => attach(podman, input, context)),
});

async function attach(podman: Podman, { name, stdin: hasStdin }: AttachInput, context: TaskContext): Promise<object> {
  const { Id: container, State: state } = await findContainer(podman, name, context);
  if (state.Status !== 'running') {
    const what = state.Status === 'paused' ? 'paused: unpause it first' : 'not running: start it first';
    throw new ApiError('ConflictError', `The container ${name} is ${what}.`);
  }
  const channel = await context.channel();
  await channel.send({ type: 'ready', offset: 0 });
  const target = { container, closesStdin: false };
  if (!hasStdin) void serveInput(podman, channel, { ...target, stdin: undefined });
  await podman.attach(
    { container, ...(hasStdin && { onStdin: (stdin: Writable) => void serveInput(podman, channel, { ...target, stdin }) }) },
    {
      signal: AbortSignal.any([context.signal, channel.signal]),
      env: podmanProcessEnv(context),
      // If the client has disconnected, the signal ends the attachment. An unhandled rejection here would end the worker.
      onOutput: (stream, bytes) => channel.write(packOutput({ stream, bytes })).catch(() => {}),
    },
  );
  context.signal.throwIfAborted();
  await channel.send({ type: 'exit', exit_code: null }).catch(() => {});
  await channel.end().catch(() => {});
  return { exit_code: null };
}
