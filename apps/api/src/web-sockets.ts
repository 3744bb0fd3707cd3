import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ApiError } from '@podman-api/errors';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KoaContext } from './context.ts';
import { endConnection } from './end-connection.ts';

/** Longest message of a client in bytes. A longer one closes the connection with code 1009. */
const maxMessageBytes = 1024 * 1024;

/** Requests that may become a WebSocket, with the first bytes after their head. */
const upgrades = new WeakMap<IncomingMessage, Buffer>();

/** Returns whether a request asks for a WebSocket. Other upgrades, such as curl's to HTTP/2, are ignored (RFC 9110, section 7.8). */
export function isWebSocketRequest({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Handles requests for a WebSocket like all others, so that the same middleware checks them: a refusal is an ordinary response, and
 * a route accepts by `acceptWebSocket`.
 */
export function handleWebSocketUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  // Node.js takes its own listeners off the socket.
  socket.on('error', () => socket.destroy());
  if (!(socket instanceof Socket)) {
    socket.destroy();
    return;
  }
  upgrades.set(request, head);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => endConnection(socket));
  server.emit('request', request, response);
}

/**
 * Accepts a WebSocket.
 * @param protocol the subprotocol, one of those that the client offers; `undefined` if it offers none
 * @throws ApiError (400) if the request is not a valid handshake (RFC 6455, section 4.2.1)
 */
export function acceptWebSocket(ctx: KoaContext, protocol: string | undefined): Promise<WebSocket> {
  const head = upgrades.get(ctx.req);
  if (!head) throw new ApiError('ValidationError', 'Send this request as a WebSocket: with the header "Upgrade: websocket".');
  // Without compression: it delays each key, and costs memory for each connection.
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    autoPong: false,
    handleProtocols: () => protocol ?? false,
  });
  return new Promise((resolve, reject) => {
    server.on('wsClientError', ({ message }) =>
      reject(new ApiError('ValidationError', `The WebSocket handshake is not valid: ${message}.`)),
    );
    server.handleUpgrade(ctx.req, ctx.req.socket, head, socket => {
      ctx.respond = false;
      ctx.status = 101;
      resolve(socket);
    });
  });
}
