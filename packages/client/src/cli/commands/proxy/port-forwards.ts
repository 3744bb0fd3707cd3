import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Upstream } from './upstream.ts';

/** A TCP port that a container publishes on its node. */
export interface PublishedPort {
  readonly containerId: string;
  readonly containerPort: number;
  /** On the node. */
  readonly hostPort: number;
}

/** Address of the forwarded ports. */
export const localHost = '127.0.0.1';

interface Forward {
  target: PublishedPort;
  readonly server: Server;
  readonly localPort: number;
}

/**
 * Published ports of containers on this machine: each connection becomes a tunnel through the API. A port has the number that it has on
 * the node, or another one if that is in use here.
 */
export class PortForwards {
  readonly #upstream: Upstream;
  readonly #forwards = new Map<number, Promise<Forward>>();
  readonly #sockets = new Set<Socket>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** Listens for a port unless this process already does. @returns the port on this machine */
  async ensure(port: PublishedPort): Promise<number> {
    const current = this.#forwards.get(port.hostPort);
    const listening = current ?? this.#listen(port);
    if (!current) this.#forwards.set(port.hostPort, listening);
    const forward = await listening;
    // On a node, a port belongs to one running container at a time: the one before has ended.
    forward.target = port;
    return forward.localPort;
  }

  /** Whether this process listens for no port. */
  get isEmpty(): boolean {
    return this.#forwards.size === 0;
  }

  /** Stops listening for the ports of a container. */
  async remove(containerId: string): Promise<void> {
    for (const [hostPort, listening] of this.#forwards) {
      const { target, server } = await listening;
      if (target.containerId !== containerId) continue;
      this.#forwards.delete(hostPort);
      server.close();
    }
  }

  /** Stops listening, and ends all connections. */
  async close(): Promise<void> {
    for (const listening of this.#forwards.values()) (await listening.catch(() => undefined))?.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(port: PublishedPort): Promise<Forward> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      void this.#tunnel(socket, forward.target);
    });
    const bind = async (number: number) => {
      server.listen({ host: localHost, port: number });
      await once(server, 'listening');
    };
    await bind(port.hostPort).catch(() => bind(0));
    const address = server.address();
    const localPort = typeof address === 'object' && address !== null ? address.port : port.hostPort;
    const forward: Forward = { target: port, server, localPort };
    return forward;
  }

  async #tunnel(socket: Socket, { containerId, containerPort }: PublishedPort): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const { tunnel, head } = await this.#open(containerId, containerPort, socket);
      if (head.length > 0) tunnel.unshift(head);
      join(socket, tunnel);
    } catch {
      // The client sees a reset, as from a port that nothing listens on.
      socket.resetAndDestroy();
    }
  }

  /** @throws Error if the API or the container does not accept the connection */
  #open(containerId: string, port: number, socket: Socket): Promise<{ readonly tunnel: Duplex; readonly head: Buffer }> {
    return new Promise((resolve, reject) => {
      const sent = this.#upstream.openTunnel({
        method: 'POST',
        path: `/podman-api/containers/${containerId}/tunnel?port=${port}`,
        headers: { Connection: 'Upgrade', Upgrade: 'tcp' },
      });
      sent.on('upgrade', (_response, tunnel, head) => resolve({ tunnel, head }));
      sent.on('response', (response: IncomingMessage) => {
        response.resume();
        reject(new Error(`the tunnel was refused (${response.statusCode})`));
      });
      sent.on('error', reject);
      socket.once('close', () => sent.destroy());
      sent.end();
    });
  }
}

/** Forwards bytes and half-closes between two connections; if one breaks, so does the other. */
export function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    // After a regular end, the other side still sends the rest.
    from.once('close', () => {
      if (!from.readableEnded) to.destroy();
    });
  }
}
