import { once } from 'node:events';
import { ApiError } from '@podman-api/errors';
import type { OpenedChannel } from '@podman-api/jobs';
import { dockerTunnel } from '@podman-api/operations';
import { startConversation } from '../conversation.ts';
import { openRawStream, type RawStream } from '../hijack.ts';
import { type DockerRoute, param, queryInteger } from '../route.ts';
import { endedError } from './session.ts';

/**
 * Connects a client with a published TCP port of a container of its session. The connection becomes the tunnel after a 101; each end is
 * passed on (half-close).
 */
export const openTunnel: DockerRoute = {
  method: 'POST',
  path: '/podman-api/containers/:id/tunnel',
  async handle(request) {
    const { ctx } = request;
    const session = ctx.state.dockerSession;
    if (!session) throw endedError();
    const port = queryInteger(request, 'port');
    if (port === undefined) throw new ApiError('ValidationError', 'port is missing: give the port of the container.');
    if (ctx.get('Upgrade').toLowerCase() !== 'tcp') throw new ApiError('ValidationError', 'Send the header "Upgrade: tcp".');
    request.parts.streams.add(ctx);
    const { channel, ended } = await startConversation(request, dockerTunnel, { name: param(request, 'id'), port, session: session.id });
    ended.catch(() => {});
    const stream = openRawStream(request, true);
    // The connection goes on after this function has returned.
    void splice(channel, stream, request.parts.draining);
  },
};

/** @param draining aborted when this process begins to stop: connections such as those of databases have no end of their own */
async function splice(channel: OpenedChannel, { input, output, signal, close }: RawStream, draining: AbortSignal): Promise<void> {
  const closeChannel = () => void channel.close().catch(() => {});
  const destroy = () => output.destroy();
  signal.addEventListener('abort', closeChannel, { once: true });
  draining.addEventListener('abort', destroy, { once: true });
  if (signal.aborted) closeChannel();
  if (draining.aborted) destroy();
  const ends = AbortSignal.any([signal, channel.signal]);
  const receive = async () => {
    for (let frame = await channel.read(); frame; frame = await channel.read()) {
      if (frame.bytes && !output.write(frame.bytes)) await once(output, 'drain', { signal: ends });
    }
    output.end();
  };
  const send = async () => {
    if (input) for await (const bytes of input.iterator({ destroyOnReturn: false })) await channel.write(bytes);
    await channel.end();
  };
  try {
    await Promise.all([receive(), send()]);
    close();
  } catch {
    // One side has broken the connection, and the other side is told.
    destroy();
  } finally {
    draining.removeEventListener('abort', destroy);
    await channel.close().catch(() => {});
  }
}
