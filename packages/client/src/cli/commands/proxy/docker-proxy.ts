import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describeSystemError } from '../../../system-error.ts';
import type { ListenAddress } from './listen-address.ts';
import { join, type PortForwards } from './port-forwards.ts';
import { findInInspect, findInList, idOf, isRunning, type SessionContainer } from './published-ports.ts';
import type { Upstream } from './upstream.ts';

/** Headers that concern one connection (RFC 9110, section 7.6.1). */
const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding']);

/** Dependencies of the proxy. */
export interface DockerProxyParts {
  readonly upstream: Upstream;
  readonly forwards: PortForwards;
  /** Id of the session. */
  readonly session: string;
  readonly address: ListenAddress;
}

/** A listening proxy. */
export interface DockerProxy {
  /** Value of DOCKER_HOST. */
  readonly url: string;
  close(): void;
}

/**
 * Starts a proxy for Docker's clients on this machine: it adds the token and the session to each request, and shows the published ports
 * of the session's containers as those on which this machine forwards them.
 * @throws Error with a code if the address cannot be listened on
 */
export async function startDockerProxy(parts: DockerProxyParts): Promise<DockerProxy> {
  const { address } = parts;
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    void forward(parts, request, response).catch(error => sendError(response, 502, unreachableMessage(error)));
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void takeOver(parts, request, socket, head));
  const listening = once(server, 'listening');
  // Only this user may connect to the socket, from its first moment on.
  const before = process.umask(0o177);
  server.listen('path' in address ? { path: address.path } : address);
  process.umask(before);
  await listening;
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    url: 'path' in address ? `unix://${address.path}` : `tcp://${address.host}:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function forward(parts: DockerProxyParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isFromWebPage(request.headers, parts.address)) return sendError(response, 403, webPageMessage);
  const { method = 'GET', url = '/' } = request;
  // Once a container is removed, nothing knows its id by its name.
  const removedId = await findRemoved(parts, method, url);
  if (response.destroyed) return;
  const change = findChange(parts, method, url, removedId);
  const headers = endToEnd(request.headers);
  // A body that is changed must not be compressed, as a reverse proxy in between may do.
  if (change) delete headers['accept-encoding'];
  const sent = parts.upstream.request({ method, path: url, headers });
  response.once('close', () => sent.destroy());
  const received = new Promise<IncomingMessage>((resolve, reject) => sent.once('response', resolve).once('error', reject));
  // The API may answer before it has read the whole body.
  pipeline(request, sent).catch(() => {});
  sent.flushHeaders();
  const answer = await received;
  const { statusCode = 502 } = answer;
  if (change === undefined || statusCode >= 400) {
    response.writeHead(statusCode, endToEnd(answer.headers));
    response.flushHeaders();
    await pipeline(answer, response).catch(() => response.destroy());
    return;
  }
  const body = await change(await buffer(answer));
  const { 'content-length': _length, ...keptHeaders } = endToEnd(answer.headers);
  response.writeHead(statusCode, { ...keptHeaders, ...(body.length > 0 && { 'content-length': body.length }) });
  response.end(body);
}

/** Passes the bytes of a connection with `Upgrade` on as they are, in both directions. */
async function takeOver({ upstream, address }: DockerProxyParts, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  socket.on('error', () => socket.destroy());
  if (isFromWebPage(request.headers, address))
    return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  const raw = upstream.openRaw({ method: request.method ?? 'POST', path: request.url ?? '/', headers: request.headers });
  let isJoined = false;
  // The loop below does not end if the client is gone before the whole body has arrived.
  socket.once('close', () => {
    if (!isJoined) raw.destroy();
  });
  raw.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
  // Newer versions of Node.js read the body of such a request, even before this event; older ones leave it on the connection.
  for await (const bytes of request) raw.write(bytes);
  if (head.length > 0) socket.unshift(head);
  isJoined = true;
  join(socket, raw);
}

/** Returns the parts of a path: a container's name or id, and what is requested of the container; `''` if it has none. */
function readPath(url: string) {
  const [, path = ''] = /^(?:\/v1\.\d+)?(\/[^?]*)/.exec(url) ?? [];
  const [, reference = '', action = ''] = /^\/containers\/([^/]+)(?:\/(json|start|restart))?$/.exec(path) ?? [];
  return { path, reference, action };
}

/** Returns the inspected container; `undefined` if the API has none. @throws Error with a code if the API cannot be reached */
async function inspect({ upstream }: DockerProxyParts, reference: string): Promise<unknown> {
  const { status, text } = await upstream.read({ method: 'GET', path: `/containers/${reference}/json` });
  return status === 200 ? JSON.parse(text) : undefined;
}

/** Returns the id of the container that a request removes; `undefined` if it removes none that may have forwarded ports. */
async function findRemoved(parts: DockerProxyParts, method: string, url: string): Promise<string | undefined> {
  const { reference, action } = readPath(url);
  if (method !== 'DELETE' || action !== '' || reference === '' || parts.forwards.isEmpty) return undefined;
  return idOf(await inspect(parts, reference));
}

/**
 * Returns the function that changes a successful response before the client gets it; `undefined` if it is passed on unchanged.
 * @param removedId id of the container that the request has removed
 */
function findChange(
  parts: DockerProxyParts,
  method: string,
  url: string,
  removedId: string | undefined,
): ((body: Buffer) => Promise<Buffer>) | undefined {
  const { forwards, session } = parts;
  const { path, reference, action } = readPath(url);
  const show = async (found: readonly SessionContainer[]) => {
    for (const { ports } of found) for (const { published, replace } of ports) replace(await forwards.ensure(published));
  };
  if (method === 'GET' && path === '/containers/json') {
    return async body => {
      const list: unknown = JSON.parse(body.toString());
      await show(findInList(list, session));
      return Buffer.from(JSON.stringify(list));
    };
  }
  if (method === 'GET' && action === 'json') {
    return async body => {
      const container: unknown = JSON.parse(body.toString());
      const found = findInInspect(container, session);
      if (!found || !isRunning(container)) return body;
      await show([found]);
      return Buffer.from(JSON.stringify(container));
    };
  }
  if (method === 'POST' && (action === 'start' || action === 'restart')) {
    // A client that has chosen the port itself uses it at once.
    return async body => {
      const container = await inspect(parts, reference);
      const found = findInInspect(container, session);
      if (found && isRunning(container)) await show([found]);
      return body;
    };
  }
  if (removedId !== undefined) {
    return async body => {
      await forwards.remove(removedId);
      return body;
    };
  }
  return undefined;
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !connectionHeaders.has(name)));
}

/**
 * Whether a web page has made a browser send a request, by headers that pages cannot forge, or by a `Host` that is not this machine's
 * (DNS rebinding). No page can reach a unix socket, whose clients send any `Host`.
 */
function isFromWebPage({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders, address: ListenAddress): boolean {
  if ('path' in address) return false;
  return origin !== undefined || site !== undefined || !/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);
}

const webPageMessage = 'podman-api proxy serves programs on this machine only, and no web pages.';

function unreachableMessage(error: unknown): string {
  return `podman-api proxy got no answer from the API: ${describeSystemError(error) ?? (error instanceof Error ? error.message : String(error))}.`;
}

function sendError(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message }));
}
