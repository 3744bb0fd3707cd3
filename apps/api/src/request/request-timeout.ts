import type { IncomingMessage, Server } from 'node:http';

/** Time for a client to send a request with its body; an upload has its own time limit, see `allowSlowBody`. */
const requestTimeoutMs = 60_000;

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/**
 * Limits the time in which clients send the bodies of their requests, as Node.js's `requestTimeout` does, which has no exceptions.
 * The server must have a `requestTimeout` of 0.
 */
export function limitRequestTime(server: Server): void {
  server.prependListener('request', request => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) return;
    const timer = setTimeout(() => {
      if (request.complete) return;
      const error = Object.assign(new Error('the request took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      server.emit('clientError', error, request.socket);
    }, requestTimeoutMs);
    timers.set(request, timer);
    request.once('close', () => clearTimeout(timer));
  });
}

/** Removes the time limit of a request. The reader of its body must detect a client that sends nothing. */
export function allowSlowBody(request: IncomingMessage): void {
  clearTimeout(timers.get(request));
}
