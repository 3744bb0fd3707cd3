import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ErrorType } from '@podman-api/errors';
import { endConnection } from './end-connection.ts';

interface Refusal {
  readonly status: number;
  readonly type: ErrorType;
  readonly message: string;
}

/** A request, and its response unless it was for an upgrade. */
interface Message {
  readonly request: IncomingMessage;
  readonly response?: ServerResponse;
}

/** Responses by the code of Node.js's error, with the statuses that Node.js itself uses. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    type: 'TimeoutError',
    message: 'The request was not received in time, and nothing was done: send it again.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    type: 'ValidationError',
    message: 'The headers of the request are too large: send fewer or shorter ones.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    type: 'PayloadTooLargeError',
    message: 'The chunk extensions of the body are too large: send none.',
  },
};
const malformed: Refusal = { status: 400, type: 'ValidationError', message: 'The request is not valid HTTP/1.1.' };

/**
 * Responds to errors that occur before Node.js has parsed a request, in the API's error format, and ends the connection: by `endConnection`
 * if the head of a request is not valid, because its client may still be sending. A request that took too long is served nevertheless
 * if the rest of it can be read at once (2 MiB at most): on a busy host, this process may not have had the CPU to read it before.
 * @param unusedTimeoutMs time after which a connection is closed on which no request has begun
 */
export function respondToClientErrors(server: Server, unusedTimeoutMs: number): void {
  const lastMessages = new WeakMap<Duplex, Message>();
  server.prependListener('request', (request, response) => lastMessages.set(request.socket, { request, response }));
  server.prependListener('upgrade', (request, socket) => lastMessages.set(socket, { request }));
  const refused = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Node.js reports the error of its parser again for all that is still received.
    if (refused.has(socket)) return;
    const isTimeout = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    // The client has opened it in advance, and would take a 408 for the response to the request that it may send at this moment.
    if (isTimeout && socket instanceof Socket && socket.bytesRead === 0) return closeIfUnused(socket, unusedTimeoutMs);
    const refuse = () => {
      const last = lastMessages.get(socket);
      if (!socket.writable || !isFree(last?.response)) {
        socket.destroy();
        return;
      }
      refused.add(socket);
      socket.write(formatResponse(refusals[error.code ?? ''] ?? malformed));
      const isServed = last?.request.complete === false;
      // The rest of a request that took too long would still be parsed and served, and one that is being served must end.
      if (isTimeout || isServed) socket.end(() => socket.destroy());
      else endConnection(socket);
    };
    if (!isTimeout) return refuse();
    const last = lastMessages.get(socket);
    const lacksBody = last?.request.complete === false;
    // The timer of the limit has fired: the event loop reads from the sockets next, and calls this afterwards.
    setImmediate(() => {
      const hasArrived = lastMessages.get(socket) !== last || (lacksBody && last.request.complete);
      // What has arrived may have been refused already, if it is not valid.
      if (!hasArrived && socket.writable) refuse();
    });
  });
}

/** Closes a connection after a time if nothing arrives until then. Node.js does not report it again. */
function closeIfUnused(socket: Socket, timeoutMs: number): void {
  const timer = setTimeout(() => {
    if (socket.bytesRead === 0) socket.destroy();
  }, timeoutMs);
  socket.once('close', () => clearTimeout(timer));
}

/**
 * Returns whether the next response on the connection belongs to the malformed request: no response is partly sent, and no
 * complete earlier request still waits for its response, because its client would take this one for it.
 */
function isFree(response: ServerResponse | undefined): boolean {
  if (!response || response.writableFinished) return true;
  return response.socket !== null && !response.headersSent && !response.req.complete;
}

function formatResponse({ status, type, message }: Refusal): string {
  const body = JSON.stringify({ success: false, error: { message, code: status, type }, timestamp: new Date().toISOString() });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
