import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy on loopback in front of a registry. While it is closed, it holds back layers, so that a pull cannot end. */
export interface RegistryGate {
  /** Host and port, the first part of references. */
  readonly host: string;
  open(): void;
  /** @param maxPassedBytes bytes that pass in each connection. Default: more than a manifest has, less than a layer. */
  close(maxPassedBytes?: number): void;
  stop(): void;
}

/** Starts a proxy in front of a registry. It is open. @param registry host and port */
export async function startRegistryGate(registry: string): Promise<RegistryGate> {
  const [address = '', port = ''] = registry.split(':');
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  let maxBytes = Number.POSITIVE_INFINITY;
  const server = createServer(client => {
    const upstream = connect(Number(port), address);
    let passedBytes = 0;
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => socket.destroy()));
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
    upstream.on('data', bytes => {
      if (passedBytes + bytes.length > maxBytes) {
        held.add(upstream.pause());
        upstream.unshift(bytes);
        return;
      }
      passedBytes += bytes.length;
      client.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    host: `127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`,
    open() {
      maxBytes = Number.POSITIVE_INFINITY;
      for (const socket of held) socket.resume();
      held.clear();
    },
    close(maxPassedBytes = 64 * 1024) {
      maxBytes = maxPassedBytes;
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
