import { connect, type Socket } from 'node:net';

/** A TCP connection to an API process. */
export interface Connection {
  readonly socket: Socket;
  received(): string;
  /** Resolves with everything received once the server has closed it. */
  readonly closed: Promise<string>;
}

/** Opens a connection. @param url of the API process */
export function openConnection(url: string): Connection {
  const { hostname, port } = new URL(url);
  let text = '';
  const socket = connect(Number(port), hostname);
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk;
  });
  // The server may close it while it is written to, which resets it.
  socket.on('error', () => {});
  // Not events.once(), which rejects on such an error.
  const closed = new Promise<string>(resolve => socket.once('close', () => resolve(text)));
  return { socket, received: () => text, closed };
}

/** Returns the beginning of a request, to which more headers may be added. */
export function head(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n');
}

/** Returns all headers of a request. */
export function whole(line: string, ...headers: readonly string[]): string {
  return `${head(line, ...headers)}\r\n\r\n`;
}

/** Header of a body in JSON. */
export const json = 'Content-Type: application/json';
