import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Longest time for which a client may go on sending after it was sent everything. */
const lingerTimeoutMs = 10_000;

/**
 * Ends a connection once everything written was sent. What the client still sends is read and dropped, for at most 10 s after that: if it
 * stayed unread, TCP would reset the connection, the client would lose the response (RFC 9112, section 9.6), and nothing would notice that
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
