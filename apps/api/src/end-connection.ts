import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Longest time for which a client may go on sending after it was sent everything. */
const lingerTimeoutMs = 10_000;

/**
 * Ends a connection once everything written was sent, and reads and drops what the client sends until 10 s later. If that stayed unread, TCP would reset the connection, so that the client loses the response (RFC 9112, section 9.6), and nothing would notice that
 * the client has left.
 */
export function endConnection(connection: Duplex): void {
  connection.resume();
  connection.end(() => {
    if (connection.closed) return;
    const timer = setTimeout(() => connection.destroy(), lingerTimeoutMs);
    connection.once('close', () => clearTimeout(timer));
  });
}

/** Lets a server end a connection by `endConnection` if the body of its last request is still arriving at the end of the response. */
export function lingerAfterResponse(server: Server): void {
  server.prependListener('request', request => {
    const { socket } = request;
    // Node.js calls it at the end of the last response of a connection.
    socket.destroySoon = () => (request.complete ? Socket.prototype.destroySoon.call(socket) : endConnection(socket));
  });
}
