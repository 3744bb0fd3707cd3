import { connect } from 'node:net';
import type { StreamRequest } from './stream-clients.ts';

/**
 * A process that holds connections to a Docker-compatible API: `<host> <port> <requests as JSON>`. It prints a line of JSON again and
 * again: the bytes that each connection has received.
 */
const [host = '', port = '', list = '[]'] = process.argv.slice(2);
const reportIntervalMs = 200;
const requests: readonly StreamRequest[] = JSON.parse(list);

const received = requests.map(() => 0);
requests.forEach(({ line, headers = [], body = '', stopsReading = false }, index) => {
  const socket = connect(Number(port), host);
  socket.on('error', () => {});
  socket.on('data', (piece: Buffer) => {
    received[index] = (received[index] ?? 0) + piece.length;
    if (stopsReading) socket.pause();
  });
  socket.write(`${[`${line} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n${body}`);
});
setInterval(() => process.stdout.write(`${JSON.stringify(received)}\n`), reportIntervalMs);
