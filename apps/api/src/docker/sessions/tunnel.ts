import { once } from 'node:events';
import { ApiError } from '@podman-api/errors';
import { dockerTunnel } from '@podman-api/operations';
import { waitAtMost } from '@podman-api/runtime';
import { openRawStream, type RawStream } from '../hijack.ts';
import { type DockerRoute, param, queryInteger } from '../route.ts';
import { type StreamingJob, startStreamingJob } from '../streaming-job.ts';
import { sessionEndedError } from './session.ts';

/** Time limit for the worker to read the last bytes of a client. */
const lastBytesTimeoutMs = 30_000;

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
    if (!session) throw sessionEndedError();
    const port = queryInteger(request, 'port');
    if (port === undefined) throw new ApiError('ValidationError', 'port is missing: give the port of the container.');
    if (ctx.get('Upgrade').toLowerCase() !== 'tcp') throw new ApiError('ValidationError', 'Send the header "Upgrade: tcp".');
    request.parts.streams.add(ctx);
    const job = await startStreamingJob(request, dockerTunnel, { name: param(request, 'id'), port, session: session.id });
    job.ended.catch(() => {});
    const stream = openRawStream(request, true);
    // The connection continues after this function has returned.
    void splice(job, stream, request.parts.draining);
  },
};

/** @param draining aborted when this process begins to stop: connections such as those of databases may never end */
async function splice({ channel, ended }: StreamingJob, { input, output, signal, close }: RawStream, draining: AbortSignal): Promise<void> {
  const destroy = () => output.destroy();
  draining.addEventListener('abort', destroy, { once: true });
  if (draining.aborted) destroy();
  const ends = AbortSignal.any([signal, channel.signal]);
  let isReceiving = true;
  const receive = async () => {
    for (let frame = await channel.read(); frame; frame = await channel.read()) {
      if (frame.bytes && !output.write(frame.bytes)) await once(output, 'drain', { signal: ends });
    }
    isReceiving = false;
    output.end();
  };
  const send = async () => {
    if (input) for await (const bytes of input) await channel.write(bytes);
    await channel.end();
  };
  const sending = send();
  // A client that is gone reads nothing any more.
  const stop = () => void sending.then(() => (isReceiving ? channel.close() : undefined)).catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await Promise.all([receive(), sending]);
    close();
    // A close would drop what the worker has not read yet.
    await waitAtMost(lastBytesTimeoutMs, ended);
  } catch {
    // A broken connection on one side breaks the other one too.
    destroy();
  } finally {
    draining.removeEventListener('abort', destroy);
    await channel.close().catch(() => {});
  }
}
