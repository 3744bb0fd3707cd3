import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { awaitResponse } from './await-response.ts';
import { type RecordedExchange, Recording } from './recording.ts';
import type { Step } from './steps.ts';

/** A proxy that records what its clients and the API send. */
export interface ConversationRecorder {
  /** Address for clients, `http://…`. */
  readonly url: string;
  /** Closes all connections and returns the recording. */
  stop(): Promise<readonly Step[]>;
}

/** Starts a proxy in front of a Docker-compatible API, on a separate port. @param target `http://…` */
export async function startRecorder(target: string): Promise<ConversationRecorder> {
  const recording = new Recording();
  const server = createServer({ requestTimeout: 0 }, (incoming, response) =>
    forward(recording.begin(incoming), sendTo(target, incoming), incoming, response),
  );
  const taken = new Set<Duplex>();
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    taken.add(socket);
    takeOver(recording.begin(incoming), sendTo(target, incoming), incoming, socket, head).catch(() => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the recorder does not listen on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of taken) socket.destroy();
      await closed;
      return recording.steps();
    },
  };
}

/** Forwards the headers of a request. */
function sendTo(target: string, { method = 'GET', url = '/', headers }: IncomingMessage) {
  const { hostname, port } = new URL(target);
  const own = headers.upgrade === undefined ? endToEnd(headers) : headers;
  const sent = request({ host: hostname, port, method, path: url, headers: own, agent: false });
  sent.flushHeaders();
  return sent;
}

/** Leaves out what concerns one connection. */
function endToEnd({ connection: _, 'keep-alive': _other, 'transfer-encoding': encoding, ...headers }: IncomingHttpHeaders) {
  return { ...headers, ...(encoding !== undefined && { 'transfer-encoding': encoding }) };
}

function forward(exchange: RecordedExchange, sent: ReturnType<typeof sendTo>, incoming: IncomingMessage, response: ServerResponse): void {
  incoming.on('data', (bytes: Buffer) => {
    exchange.send(bytes);
    sent.write(bytes);
  });
  incoming.once('end', () => {
    exchange.endSending();
    sent.end();
  });
  sent.once('response', upstream => passOn(exchange, upstream, response));
  sent.on('error', () => response.destroy());
  response.once('close', () => {
    exchange.end(true);
    sent.destroy();
  });
}

function passOn(exchange: RecordedExchange, upstream: IncomingMessage, response: ServerResponse): void {
  exchange.respond(upstream);
  response.writeHead(upstream.statusCode ?? 502, endToEnd(upstream.headers));
  response.flushHeaders();
  upstream.on('data', (bytes: Buffer) => {
    exchange.receive(bytes);
    response.write(bytes);
  });
  upstream.once('end', () => {
    exchange.end(false);
    response.end();
  });
  upstream.on('error', () => response.destroy());
}

async function takeOver(
  exchange: RecordedExchange,
  sent: ReturnType<typeof sendTo>,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  sent.on('error', () => socket.destroy());
  const received = awaitResponse(sent);
  received.catch(() => {});
  for await (const bytes of incoming) {
    exchange.send(bytes);
    sent.write(bytes);
  }
  exchange.endSending();
  sent.end();
  if (head.length > 0) socket.unshift(head);
  // An upgrade that is refused has an ordinary response.
  const { response, socket: upstream, stream } = await received;
  exchange.respond(response);
  const headers = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`);
  socket.write(`${[`HTTP/1.1 ${response.statusCode} ${response.statusMessage}`, ...headers].join('\r\n')}\r\n\r\n`);
  stream.on('data', (bytes: Buffer) => {
    exchange.receive(bytes);
    socket.write(bytes);
  });
  stream.once('end', () => {
    exchange.end(false);
    socket.end();
  });
  stream.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    exchange.send(bytes);
    upstream?.write(bytes);
  });
  socket.once('end', () => {
    exchange.endSending();
    upstream?.end();
  });
  socket.once('close', () => {
    exchange.end(true);
    stream.destroy();
  });
}
