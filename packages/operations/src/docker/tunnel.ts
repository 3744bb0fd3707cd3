import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { ByteChannel } from '@podman-api/runtime';
import Joi from 'joi';
import { type InspectEntry, readEntry } from '../container/lookup/inspect-entry.ts';
import { defineRequestedTask } from '../define.ts';
import { maxStreamSeconds } from '../max-stream-seconds.ts';
import { containerName } from '../schemas/names.ts';
import { sessionLabel } from './docker-names.ts';

interface TunnelInput {
  /** The container's name, or the beginning of its id. */
  readonly name: string;
  /** TCP port of the container, which must be published. */
  readonly port: number;
  /** Id of the session that the container belongs to. */
  readonly session: string;
}

/** Time limit for the port, which is on the same host, to accept the connection. */
const connectTimeoutMs = 10_000;

/**
 * Connects the job's channel with a published TCP port of a container, in both directions; each end is passed on (half-close).
 * It reaches only published ports of containers of the caller's session, because a node's own network must not be reachable.
 */
export const dockerTunnel = defineRequestedTask<TunnelInput>({
  name: 'docker.tunnel',
  scope: 'exec',
  reach: 'container',
  input: Joi.object<TunnelInput>({
    name: containerName().required(),
    port: Joi.number().integer().min(1).max(65_535).required(),
    session: Joi.string()
      .pattern(/^[0-9a-f]{32}$/)
      .required(),
  }),
  lane: 'waits',
  timeout: () => maxStreamSeconds,
  async run(podman, { name, port, session }, { channel, containers, signal }) {
    const entry = await readEntry(podman, name, signal);
    const socket = await connectTo(findPublishedPort(entry, name, port, session), signal);
    // A connection may never end, and a worker that shuts down waits for its jobs.
    const unsubscribe = containers.subscribe({ onStop: () => socket.destroy() });
    try {
      await splice(await channel(), socket, signal);
    } finally {
      unsubscribe();
      socket.destroy();
    }
    return {};
  },
});

/** An address of the node. */
interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** @throws ApiError (404) if the container belongs to another session or does not publish the port, (409) if it does not run */
function findPublishedPort({ Config, NetworkSettings, State }: InspectEntry, name: string, port: number, session: string): NodeAddress {
  if (Config.Labels?.[sessionLabel] !== session) {
    throw new ApiError('NotFoundError', `There is no container ${name} in this session.`);
  }
  if (State.Status !== 'running') throw new ApiError('ConflictError', `The container ${name} is not running: start it first.`);
  const [published] = NetworkSettings.Ports?.[`${port}/tcp`] ?? [];
  if (!published) throw new ApiError('NotFoundError', `The container ${name} does not publish the port ${port}/tcp.`);
  return { host: localAddress(published.HostIp), port: Number(published.HostPort) };
}

/**
 * Returns an address at which the node reaches a port that listens on the given address. Podman prints an empty string for all
 * addresses.
 */
function localAddress(hostIp: string): string {
  if (hostIp === '' || hostIp === '0.0.0.0') return '127.0.0.1';
  return hostIp === '::' ? '::1' : hostIp;
}

/** @throws ApiError (503) if the port does not accept a connection */
async function connectTo({ host, port }: NodeAddress, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  const ended = new AbortController();
  try {
    await Promise.race([
      once(socket, 'connect', { signal }),
      delay(connectTimeoutMs, undefined, { signal: ended.signal }).then(() => {
        throw new Error('the port does not answer');
      }),
    ]);
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw new ApiError(
      'ServiceUnavailableError',
      'The published port does not accept a connection: wait until the service listens.',
      {},
      {
        cause: error,
      },
    );
  } finally {
    ended.abort();
  }
}

/** Forwards bytes and half-closes in both directions, with back-pressure. Returns when both directions have ended. */
async function splice(channel: ByteChannel, socket: Socket, signal: AbortSignal): Promise<void> {
  // Without a listener, a reset of the connection would end the process; the streams below notice it.
  socket.on('error', () => {});
  const destroy = () => socket.destroy();
  const ends = AbortSignal.any([signal, channel.signal]);
  ends.addEventListener('abort', destroy, { once: true });
  if (ends.aborted) destroy();
  const receive = async () => {
    for (let frame = await channel.read(); frame; frame = await channel.read()) {
      if (frame.bytes && !socket.write(frame.bytes)) await once(socket, 'drain', { signal: ends });
    }
    socket.end();
  };
  const send = async () => {
    for await (const bytes of socket.iterator({ destroyOnReturn: false })) await channel.write(bytes);
    await channel.end();
  };
  try {
    await Promise.all([receive(), send()]);
  } catch {
    // A broken connection on one side breaks the other one too.
    signal.throwIfAborted();
    await channel.close().catch(() => {});
  } finally {
    ends.removeEventListener('abort', destroy);
  }
}
