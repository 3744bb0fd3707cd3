import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An address that stays the same while the API behind it comes and goes. */
export interface Relay {
  readonly url: string;
  /** Ends all connections, and accepts no new ones. */
  interrupt(): void;
  resume(): void;
}

/** Passes connections on to an API until the test has finished. */
export async function startRelay(api: string): Promise<Relay> {
  const { port, hostname } = new URL(api);
  const sockets = new Set<Socket>();
  let isInterrupted = false;
  const server = createServer(client => {
    if (isInterrupted) return client.destroy();
    const target = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroySoon();
      });
    }
    return undefined;
  });
  const closeAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    closeAll();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    interrupt() {
      isInterrupted = true;
      closeAll();
    },
    resume() {
      isInterrupted = false;
    },
  };
}
