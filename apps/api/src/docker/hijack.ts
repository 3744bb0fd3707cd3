import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import { type Duplex, PassThrough, type Readable, type Writable } from 'node:stream';
import { packOutput } from '@podman-api/operations';
import { endConnection } from '../end-connection.ts';
import { onResponseEnd } from '../request/response-end.ts';
import { onTokenEnd } from '../request/token-end.ts';
import { dockerMessage } from './errors.ts';
import type { DockerRequest } from './route.ts';

/** The connection of a request with `Upgrade: tcp`, and what came after the request. */
interface Upgrade {
  readonly connection: Duplex;
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Maximum input that is buffered until the command reads it; beyond it, nothing more is read from the connection. */
const maxBufferedInputBytes = 256 * 1024;
/** Interval of the checks whether a client that has ended its input is still connected. The second check detects a lost one. */
const probeIntervalMs = 10_000;

/**
 * Handles requests with an `Upgrade` header like all others, until a route takes the connection over. Docker's command line sends
 * one for exec and attach; other clients expect the stream in an ordinary response.
 */
export function acceptUpgrades(server: Server): void {
  const handle: RequestListener = (request, response) => void server.emit('request', request, response);
  server.on('upgrade', (request, connection, head) => handleUpgrade(request, connection, head, handle));
}

/**
 * Handles one request with an `Upgrade` header.
 * @param connection the socket; if the body of the request has not arrived yet, a stream of what follows it (Node.js's `UpgradeStream`)
 */
export function handleUpgrade(request: IncomingMessage, connection: Duplex, head: Buffer, handle: RequestListener): void {
  // Without a listener, a client that resets its connection would end the process.
  connection.on('error', () => connection.destroy());
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  response.once('finish', () => endConnection(connection));
  upgrades.set(request, { connection, head });
  handle(request, response);
}

/** A stream of bytes to a client. */
export interface RawStream {
  readonly output: Writable;
  /** Bytes from the client; `undefined` if it cannot send anything after its request. */
  readonly input: Readable | undefined;
  /** Aborted when the client has disconnected, or its token was revoked. */
  readonly signal: AbortSignal;
  /** Aborted when the client has ended what it sends, or has disconnected: the two look alike until something is sent to it. */
  readonly inputEnded: AbortSignal;
  /** Ends the stream when everything is written, and with it a connection that was taken over. */
  close(): void;
}

/**
 * Starts a response that is a stream: the connection itself after a 101 if the client has asked for an upgrade, else the body of
 * a 200. The headers are sent at once. The connection is cut when the client's token is revoked.
 * @param isRaw whether the stream has no frames, because it is that of a terminal
 */
export function openRawStream(request: DockerRequest, isRaw: boolean): RawStream {
  const { ctx, parts } = request;
  const type = isRaw ? 'application/vnd.docker.raw-stream' : 'application/vnd.docker.multiplexed-stream';
  const closed = new AbortController();
  const endChecks = onTokenEnd(ctx, parts.tokens, () => ctx.req.socket.destroy());
  closed.signal.addEventListener('abort', endChecks, { once: true });
  const upgrade = upgrades.get(ctx.req);
  if (upgrade) {
    ctx.respond = false;
    ctx.res.statusCode = 101;
    // Koa would answer an error of the connection with a 500.
    ctx.onerror = () => {};
    ctx.res.detachSocket(ctx.req.socket);
    return takeOver(upgrade, closed, parts.stopping, { type, isRaw });
  }
  const body = new PassThrough();
  onResponseEnd(ctx, () => closed.abort('gone'));
  ctx.status = 200;
  ctx.type = type;
  ctx.body = body;
  ctx.flushHeaders();
  return { output: body, input: undefined, signal: closed.signal, inputEnded: closed.signal, close: () => body.end() };
}

/** Responds with a 101 and takes the connection over. Input is read at once, so that its end is noticed. */
function takeOver(
  { connection, head }: Upgrade,
  closed: AbortController,
  stopping: AbortSignal,
  { type, isRaw }: { readonly type: string; readonly isRaw: boolean },
): RawStream {
  const inputEnded = new AbortController();
  const input = new PassThrough({ highWaterMark: maxBufferedInputBytes });
  let probe: NodeJS.Timeout | undefined;
  connection.once('end', () => {
    inputEnded.abort('ended');
    // Clients show nothing for an empty frame. If the client is gone, writing one breaks the connection.
    if (!isRaw)
      probe = setInterval(
        () => connection.writable && connection.write(packOutput({ stream: 'stdout', bytes: Buffer.alloc(0) })),
        probeIntervalMs,
      );
  });
  // When the process stops, nothing else ends a connection that was taken over.
  const destroy = () => connection.destroy();
  const onClose = () => {
    clearInterval(probe);
    stopping.removeEventListener('abort', destroy);
    // After a regular end, the rest of what the client has sent is still read.
    if (!connection.readableEnded) input.destroy();
    inputEnded.abort('gone');
    closed.abort('gone');
  };
  if (connection.destroyed) onClose();
  else {
    stopping.addEventListener('abort', destroy, { once: true });
    connection.once('close', onClose);
  }
  if (head.length > 0) connection.unshift(head);
  connection.write(`HTTP/1.1 101 UPGRADED\r\nContent-Type: ${type}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
  connection.pipe(input);
  const close = () => {
    connection.unpipe(input);
    endConnection(connection);
  };
  return { output: connection, input, signal: closed.signal, inputEnded: inputEnded.signal, close };
}

/** Returns the error of a command as output, which clients show. */
export function errorOutput(message: string, isTerminal: boolean): Buffer {
  const bytes = Buffer.from(`${dockerMessage(message)}\r\n`);
  return isTerminal ? bytes : packOutput({ stream: 'stderr', bytes });
}

/** Writes bytes, and waits while the client does not read. */
export async function write(output: Writable, bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!output.write(bytes)) await once(output, 'drain', { signal });
}
