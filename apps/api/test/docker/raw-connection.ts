import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to a Docker-compatible API that speaks HTTP by hand, as one that was taken over requires. */
export interface RawConnection {
  readonly socket: Socket;
  received(): string;
  /** Resolves with everything that was received once the server has closed the connection. */
  readonly closed: Promise<string>;
}

/** How a request is sent. */
export interface RawRequest {
  readonly token?: string;
  readonly body?: string;
  /** Whether it asks for an upgrade, as Docker's command line does for exec and attach. */
  readonly isUpgrade?: boolean;
  /** Value of Content-Length; default: that of the body. */
  readonly length?: number;
}

/** Opens a connection and sends a request. @param url `http://…` */
export function sendRaw(
  url: string,
  line: string,
  { token, body = '', isUpgrade = false, length = body.length }: RawRequest,
): RawConnection {
  const { hostname, port } = new URL(url);
  const pieces: Buffer[] = [];
  const socket = connect(Number(port), hostname);
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  // The server may close it while it is written to, which resets it.
  socket.on('error', () => {});
  const headers = [
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${length}`,
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(isUpgrade ? ['Connection: Upgrade', 'Upgrade: tcp'] : ['Connection: close']),
  ];
  socket.write(`${[`${line} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n${body}`);
  const received = () => Buffer.concat(pieces).toString();
  return { socket, received, closed: once(socket, 'close').then(received) };
}
