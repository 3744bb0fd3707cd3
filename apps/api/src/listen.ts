import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { ConfigError } from '@podman-api/runtime';
import type Koa from 'koa';
import { answerClientErrors } from './client-error.ts';
import type { State } from './context.ts';
import { limitRequestTime } from './request/request-timeout.ts';

/**
 * Limit for a client to send the headers of a request; Node.js's own is six times as long, and checked every 30 s. For the body, see
 * `limitRequestTime`.
 */
const clientTimeoutsMs = { headersTimeout: 10_000, requestTimeout: 0, connectionsCheckingInterval: 1000 };

/**
 * How long a connection without requests stays open. Node.js's default of five seconds is so short that a client or proxy
 * which is busy for a moment sends a request on a connection that was just closed, and gets ECONNRESET. Proxies themselves
 * close idle connections after 60 seconds by default (nginx, ELB).
 */
const keepAliveTimeoutMs = 75_000;

/** While the server closes, a connection is destroyed if its client has read nothing for this long. */
const stalledClientTimeoutMs = 10_000;

/** A request without Host is refused by `cross-site.ts`: Node.js's own answer would have no body. */
const requireHostHeader = false;

/** A listening server. */
export interface Listening {
  readonly url: string;
  /** Accepts no more requests and resolves when all current ones are answered. */
  close(): Promise<void>;
}

/** @param port 0 lets the system choose */
export async function listen(app: Koa<State, object>, host: string, port: number): Promise<Listening> {
  const server = createServer({ ...clientTimeoutsMs, keepAliveTimeout: keepAliveTimeoutMs, requireHostHeader }, app.callback());
  answerClientErrors(server);
  limitRequestTime(server);
  // Ignores `Expect`: Node.js would answer an empty 417.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  let closing = false;
  // While it closes, connections that are kept alive end with their next answer.
  server.prependListener('request', (_request, response) => {
    if (closing) response.setHeader('Connection', 'close');
    // A connection whose answer was under way when closing began would stay until `keepAliveTimeoutMs`.
    response.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });
  server.listen(port, host);
  await once(server, 'listening').catch(error => {
    throw new ConfigError(
      `HOST="${host}" PORT="${port}" cannot be listened on (${error.code}): choose an address of this host and a free port.`,
    );
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    async close() {
      closing = true;
      server.close();
      const stopCutting = cutStalledClients(sockets);
      await once(server, 'close');
      stopCutting();
    },
  };
}

/** Cuts connections whose clients take nothing for `stalledClientTimeoutMs`. @returns a function that ends this */
function cutStalledClients(sockets: ReadonlySet<Socket>): () => void {
  const stalled = new Map<Socket, { readonly bytesWritten: number; readonly since: number }>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const socket of sockets) {
      const before = stalled.get(socket);
      if (socket.writableLength === 0 || before?.bytesWritten !== socket.bytesWritten) {
        stalled.set(socket, { bytesWritten: socket.bytesWritten, since: now });
      } else if (now - before.since > stalledClientTimeoutMs) {
        socket.destroy();
      }
    }
  }, 1000);
  return () => clearInterval(timer);
}
