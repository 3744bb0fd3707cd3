import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

/** A callback that was received. */
export interface ReceivedCallback {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server for callbacks on a loopback address. */
export interface Receiver {
  readonly port: number;
  readonly received: readonly ReceivedCallback[];
  stop(): Promise<void>;
}

/** Starts a receiver. @param port 0 lets the system choose */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: ReceivedCallback[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(204).end();
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    port: address.port,
    received,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
