import { ApiError } from '@podman-api/errors';
import { dockerInspectContainer, dockerStartAttached, type TerminalRequest } from '@podman-api/operations';
import { hasScope, missingScope } from '../../request/scope.ts';
import { converse, startConversation, type TerminalSize } from '../conversation.ts';
import { openRawStream, type RawStream } from '../hijack.ts';
import { field, objectField, textField } from '../json.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param, queryFlag, queryInteger } from '../route.ts';
import { operationNamed, runTask } from '../run-task.ts';

/** A client that waits for the start of a container. */
interface Attachment {
  readonly containerId: string;
  /** Without the `/` in front. */
  readonly name: string;
  /** Name of the client's token; the container must be started with the same. */
  readonly token: string | undefined;
  readonly stream: RawStream;
  readonly isTerminal: boolean;
  readonly hasStdin: boolean;
  /** Sets the size of the terminal, once the container runs. */
  resize?: (size: TerminalSize) => Promise<void>;
}

/** Time for which a connection is held for the start of its container. */
const holdMs = 600_000;

/**
 * Creates the routes of attached containers. A client attaches before it starts the container; the connection is held until then, so
 * both requests must come to the same process.
 */
export function createAttachRoutes(): readonly DockerRoute[] {
  const attachments = new Set<Attachment>();
  const find = (request: DockerRequest) => {
    const [reference, token] = [param(request, 'id'), request.ctx.state.token?.name];
    return [...attachments].find(one => {
      const isMeant = one.name === reference || (reference.length >= 12 && one.containerId.startsWith(reference));
      return isMeant && one.token === token;
    });
  };
  return [
    { method: 'POST', path: '/containers/:id/attach', handle: request => attach(request, attachments) },
    {
      method: 'POST',
      path: '/containers/:id/start',
      async handle(request) {
        const name = param(request, 'id');
        const attachment = find(request);
        const starting = attachment ? startFor(request, attachment) : runTask(request, operationNamed('container.start'), { name });
        await starting.catch(async (error: unknown) => {
          attachment?.stream.close();
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
        const resize = find(request)?.resize;
        if (!resize) throw new ApiError('ConflictError', 'The container does not run attached to this connection: start it first.');
        if (rows && cols) await resize({ rows, cols });
        request.ctx.status = 200;
        request.ctx.body = '';
      },
    },
  ];
}

async function attach(request: DockerRequest, attachments: Set<Attachment>): Promise<void> {
  if (!queryFlag(request, 'stream')) throw notImplemented('attach without stream', 'read the log instead');
  const { scope } = dockerStartAttached;
  if (!hasScope(request.ctx, scope)) throw missingScope(request.ctx, scope);
  request.parts.streams.add(request.ctx);
  const container = await runTask(request, dockerInspectContainer, { name: param(request, 'id') });
  const state = objectField(container, 'State');
  if (field(state, 'Running') === true)
    throw notImplemented('attach to a container that runs', 'read its log instead, or attach before it is started');
  const config = objectField(container, 'Config');
  const isTerminal = field(config, 'Tty') === true;
  const attachment: Attachment = {
    containerId: textField(container, 'Id'),
    name: textField(container, 'Name').slice(1),
    token: request.ctx.state.token?.name,
    stream: openRawStream(request, isTerminal),
    isTerminal,
    hasStdin: queryFlag(request, 'stdin') && field(config, 'OpenStdin') === true,
  };
  attachments.add(attachment);
  const timer = setTimeout(() => attachment.resize ?? attachment.stream.close(), holdMs);
  const remove = () => {
    clearTimeout(timer);
    attachments.delete(attachment);
  };
  // Clients end their direction at once if they have no stdin: that does not mean that they are gone.
  if (!attachment.hasStdin) attachment.stream.input?.resume();
  attachment.stream.signal.addEventListener('abort', remove, { once: true });
  if (attachment.stream.signal.aborted) remove();
}

/** Removes a container with AutoRemove that could not be started, as Docker does: a client waits for its removal. */
async function removeUnstarted(request: DockerRequest, name: string): Promise<void> {
  try {
    const container = await runTask(request, dockerInspectContainer, { name });
    const isRunning = field(objectField(container, 'State'), 'Running') === true;
    const isRemoved = field(objectField(container, 'HostConfig'), 'AutoRemove') === true;
    if (isRemoved && !isRunning) await runTask(request, operationNamed('container.remove'), { name, force: true });
  } catch {
    // The error of the start is what the client needs.
  }
}

/** Starts a container and connects it with the client that is attached. The container goes on if the client disconnects. */
async function startFor(request: DockerRequest, attachment: Attachment): Promise<void> {
  const { containerId, stream, hasStdin } = attachment;
  const { channel, ended } = await startConversation(request, dockerStartAttached, { name: containerId, stdin: hasStdin });
  const close = () => channel.close().catch(() => {});
  // The first message says that the container has started; without it, the job has failed.
  const first = await channel.read().catch(() => undefined);
  if (!first) {
    await close();
    await ended;
    throw new ApiError('ServiceUnavailableError', 'The worker was lost while it started the container: read its status.');
  }
  ended.catch(() => {});
  stream.signal.addEventListener('abort', close, { once: true });
  if (stream.signal.aborted) void close();
  attachment.resize = size => channel.send({ type: 'resize', ...size } satisfies TerminalRequest);
  // The stream goes on after the response to the start.
  void converse(channel, stream, attachment)
    .catch(() => {})
    .finally(() => {
      stream.close();
      return close();
    });
}
