import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { ConfigError, isStaleSocket, type ListenAddress } from '@podman-api/runtime';
import { respondToClientErrors } from './client-error.ts';
import { lingerAfterResponse } from './end-connection.ts';
import { limitRequestTime } from './request/request-timeout.ts';

/**
 * Time limit for a client to send the headers of a request; Node.js's own is six times as long, and checked every 30 s. For the body, see
 * `limitRequestTime`.
 */
const clientTimeoutsMs = { headersTimeout: 10_000, requestTimeout: 0, connectionsCheckingInterval: 1000 };

/**
 * Time after which a connection without requests is closed. Node.js's default of five seconds is so short that a client or
 * proxy which is busy for a moment sends a request on a connection that was just closed, and gets ECONNRESET. Proxies
 * themselves close idle connections after 60 seconds by default (nginx, ELB).
 */
const keepAliveTimeoutMs = 75_000;

/**
 * Time for which an idle connection stays open after the timeout that responses announce (`Keep-Alive`), so that clients which keep to
 * it close first. Node.js's default of a second is too short for one on a busy host: timers of its `fetch` are late there.
 */
const keepAliveTimeoutBufferMs = 10_000;

/**
 * TCP probes idle connections, so that one whose client is lost, such as a machine without its network, ends after
 * this and ten probes of a second each (the default of `net.Socket.setKeepAlive`). Nothing else detects it while a stream is silent.
 */
const probes = { keepAlive: true, keepAliveInitialDelay: 30_000 };

/** While the server closes, a connection is destroyed if its client has read nothing for this long. */
const stalledClientTimeoutMs = 10_000;

/** A request without Host is refused by `cross-site.ts`: Node.js's own response would have no body. */
const requireHostHeader = false;

/** A listening server. */
export interface Listening {
  readonly url: string;
  /** Accepts no more requests and resolves when all current ones are answered. */
  close(): Promise<void>;
}

/** Handler of requests for an upgrade of the connection. */
export interface Upgrades {
  /** Returns whether a request is for an upgrade; default: whether it has the headers of one. */
  readonly isUpgrade?: (request: IncomingMessage) => boolean;
  /** Adds the listener for upgrades. */
  route(server: Server): void;
}

/**
 * Starts a server.
 * @param address port 0 lets the system choose; a unix socket can be used by the user and the group of the process
 * @param setting the variables with the address, for the error
 * @throws ConfigError if the address cannot be listened on
 */
export async function listen(
  handle: RequestListener,
  address: ListenAddress,
  setting: string,
  { isUpgrade, route }: Upgrades,
): Promise<Listening> {
  const server = createServer(
    {
      ...clientTimeoutsMs,
      ...probes,
      keepAliveTimeout: keepAliveTimeoutMs,
      keepAliveTimeoutBuffer: keepAliveTimeoutBufferMs,
      requireHostHeader,
      ...(isUpgrade && { shouldUpgradeCallback: isUpgrade }),
    },
    handle,
  );
  respondToClientErrors(server, keepAliveTimeoutMs + keepAliveTimeoutBufferMs);
  route(server);
  limitRequestTime(server);
  lingerAfterResponse(server);
  // Ignores `Expect`: Node.js would answer an empty 417.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    // Each pipelined request adds listeners.
    socket.setMaxListeners(0);
    socket.once('close', () => sockets.delete(socket));
  });
  let isClosing = false;
  // While it closes, connections that are kept alive end with their next response.
  server.prependListener('request', (_request, response) => {
    // The log, the trace, the limits and streams each add a listener: more than Node.js expects.
    response.setMaxListeners(30);
    if (isClosing) response.setHeader('Connection', 'close');
    // A connection whose response was under way when closing began would stay until `keepAliveTimeoutMs`.
    response.once('close', () => {
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
  });
  await bind(server, address, setting);
  return {
    url: urlOf(server),
    async close() {
      isClosing = true;
      server.close();
      const stopCutting = closeStalledClients(sockets);
      await once(server, 'close');
      stopCutting();
    },
  };
}

/** @throws ConfigError if the address cannot be listened on */
async function bind(server: Server, address: ListenAddress, setting: string): Promise<void> {
  if ('path' in address) await removeStaleSocket(address.path);
  // Only the user and the group of the process may connect to the socket, from its first moment on.
  const before = process.umask(0o117);
  const listening = once(server, 'listening');
  server.listen('path' in address ? { path: address.path } : address);
  process.umask(before);
  await listening.catch(error => {
    const advice =
      'path' in address
        ? 'choose a path in a directory that exists and no other process uses'
        : 'choose an address of this host and a free port';
    throw new ConfigError(`${setting} cannot be listened on (${error.code}): ${advice}.`);
  });
}

/** Removes a socket on which no process listens: its process has died. */
async function removeStaleSocket(path: string): Promise<void> {
  const isSocket = statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
  if (isSocket && (await isStaleSocket(path))) rmSync(path, { force: true });
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address === 'string') return `unix://${address}`;
  if (address === null) throw new Error('the server has no address');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

/**
 * Closes connections whose clients read nothing for `stalledClientTimeoutMs`, or have sent nothing since they were opened.
 * @returns a function that ends this
 */
function closeStalledClients(sockets: ReadonlySet<Socket>): () => void {
  const stalled = new Map<Socket, { readonly bytesWritten: number; readonly sinceMs: number }>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const socket of sockets) {
      const before = stalled.get(socket);
      if (socket.bytesRead === 0) {
        socket.destroy();
      } else if (socket.writableLength === 0 || before?.bytesWritten !== socket.bytesWritten) {
        stalled.set(socket, { bytesWritten: socket.bytesWritten, sinceMs: now });
      } else if (now - before.sinceMs > stalledClientTimeoutMs) {
        socket.destroy();
      }
    }
  }, 1000);
  return () => clearInterval(timer);
}
