import { ApiError } from '@podman-api/errors';
import {
  containerOperations,
  dockerAttach,
  dockerInspectContainer,
  dockerStartAttached,
  type TerminalRequest,
  type TerminalSize,
} from '@podman-api/operations';
import { hasScope, missingScope } from '../../request/scope.ts';
import { openRawStream, type RawStream } from '../hijack.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param, queryFlag, queryInteger } from '../route.ts';
import { runTask } from '../run-task.ts';
import { readReady, type StreamingJob, serveStreamingJob, startStreamingJob } from '../streaming-job.ts';

/** A client that is attached to a container, or waits for its start. */
interface Attachment {
  readonly containerId: string;
  /** Name of the container, without the `/` in front. */
  readonly name: string;
  /** Name of the client's token; the container must be started with the same. */
  readonly token: string | undefined;
  readonly stream: RawStream;
  readonly isTerminal: boolean;
  readonly hasStdin: boolean;
  /** Whether the container runs, or a client has requested its start. */
  isStarted: boolean;
  /** Sets the size of the terminal; missing until the container was started. */
  resize?: (size: TerminalSize) => Promise<void>;
}

/** Time for which a connection is held open until its container is started. */
const maxHoldMs = 600_000;
/** The same after the client has ended its input: a client without a stdin does so at once, but it may also have disconnected. */
const maxHoldAfterEndMs = 30_000;

/**
 * Creates the routes of attached containers. A client may attach before it starts the container; the connection is held until then,
 * so both requests must come to the same process.
 */
export function createAttachRoutes(): readonly DockerRoute[] {
  const attachments = new Set<Attachment>();
  const findOwn = (request: DockerRequest) => {
    const [reference, token] = [param(request, 'id'), request.ctx.state.token?.name];
    return [...attachments].filter(one => {
      const isMatch = one.name === reference || (reference.length >= 12 && one.containerId.startsWith(reference));
      return isMatch && one.token === token;
    });
  };
  return [
    { method: 'POST', path: '/containers/:id/attach', handle: request => attach(request, attachments) },
    {
      method: 'POST',
      path: '/containers/:id/start',
      async handle(request) {
        const name = param(request, 'id');
        const attachment = findOwn(request).find(({ isStarted }) => !isStarted);
        if (attachment) attachment.isStarted = true;
        const starting = attachment ? startAttached(request, attachment) : runTask(request, containerOperations.start, { name });
        await starting.catch(async (error: unknown) => {
          if (attachment) closeAttachment(attachments, attachment);
          await removeUnstarted(request, name);
          throw error;
        });
        request.ctx.status = 204;
      },
    },
    {
      method: 'POST',
      path: '/containers/:id/resize',
      async handle(request) {
        const [rows, cols] = [queryInteger(request, 'h'), queryInteger(request, 'w')];
        const resize = findOwn(request).findLast(one => one.resize)?.resize;
        if (!resize)
          throw new ApiError('ConflictError', 'No client is attached to the running container: attach to it and start it first.');
        if (rows && cols) await resize({ rows, cols });
        request.ctx.status = 200;
        request.ctx.body = '';
      },
    },
  ];
}

async function attach(request: DockerRequest, attachments: Set<Attachment>): Promise<void> {
  if (!queryFlag(request, 'stream')) throw notImplemented('attach without stream', 'read the log instead');
  request.parts.streams.add(request.ctx);
  const { Id, Name, Config, State } = await runTask(request, dockerInspectContainer, { name: param(request, 'id') });
  const isTerminal = Config.Tty;
  const target = {
    containerId: Id,
    name: Name.slice(1),
    token: request.ctx.state.token?.name,
    isTerminal,
    hasStdin: queryFlag(request, 'stdin') && Config.OpenStdin,
  };
  if (State.Running) return attachToRunning(request, attachments, target);
  const { scope } = dockerStartAttached;
  if (!hasScope(request.ctx, scope)) throw missingScope(request.ctx, scope);
  holdUntilStart(attachments, { ...target, isStarted: false, stream: openRawStream(request, isTerminal) });
}

/** Keeps a connection until its container is started, its client disconnects, or the time limit has passed. */
function holdUntilStart(attachments: Set<Attachment>, attachment: Attachment): void {
  const { stream, hasStdin } = attachment;
  attachments.add(attachment);
  const closeUnstarted = () => {
    if (!attachment.isStarted) closeAttachment(attachments, attachment);
  };
  const timers = [setTimeout(closeUnstarted, maxHoldMs)];
  stream.inputEnded.addEventListener('abort', () => timers.push(setTimeout(closeUnstarted, maxHoldAfterEndMs)), { once: true });
  const remove = () => {
    for (const timer of timers) clearTimeout(timer);
    attachments.delete(attachment);
  };
  if (!hasStdin) stream.input?.resume();
  stream.signal.addEventListener('abort', remove, { once: true });
  if (stream.signal.aborted) remove();
}

/** Closes a connection. Its client may stay connected for a moment, but no later start must find it. */
function closeAttachment(attachments: Set<Attachment>, attachment: Attachment): void {
  attachments.delete(attachment);
  attachment.stream.close();
}

/** Connects a client with a container that is already running. */
async function attachToRunning(
  request: DockerRequest,
  attachments: Set<Attachment>,
  target: Omit<Attachment, 'stream' | 'isStarted'>,
): Promise<void> {
  const { containerId, isTerminal, hasStdin } = target;
  const job = await startStreamingJob(request, dockerAttach, { name: containerId, stdin: hasStdin });
  await readReady(job);
  const attachment: Attachment = { ...target, isStarted: true, stream: openRawStream(request, isTerminal), resize: createResize(job) };
  attachments.add(attachment);
  // The stream continues after this function has returned.
  void serveStreamingJob(request, job, attachment.stream, target).finally(() => attachments.delete(attachment));
}

/** Returns the function that sets the size of the terminal of a job. */
function createResize({ channel }: StreamingJob): (size: TerminalSize) => Promise<void> {
  return size => channel.send({ type: 'resize', ...size } satisfies TerminalRequest);
}

/** Removes a container with AutoRemove that could not be started, as Docker does: a client waits for its removal. */
async function removeUnstarted(request: DockerRequest, name: string): Promise<void> {
  try {
    const { State, HostConfig } = await runTask(request, dockerInspectContainer, { name });
    if (HostConfig.AutoRemove && !State.Running) await runTask(request, containerOperations.remove, { name, force: true });
  } catch {
    // The error of the start is what the client needs.
  }
}

/** Starts a container and connects it with the client that is attached. The container keeps running if the client disconnects. */
async function startAttached(request: DockerRequest, attachment: Attachment): Promise<void> {
  const { containerId, stream, hasStdin } = attachment;
  const job = await startStreamingJob(request, dockerStartAttached, { name: containerId, stdin: hasStdin });
  await readReady(job);
  attachment.resize = createResize(job);
  // The stream continues after the response to the start, which ends the wait for the job.
  job.ended.catch(() => {});
  void serveStreamingJob(request, { channel: job.channel, ended: Promise.resolve({}) }, stream, attachment);
}
