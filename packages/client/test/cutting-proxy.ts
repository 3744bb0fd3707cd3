import { once } from 'node:events';
import { createServer, request } from 'node:http';

/** A proxy on loopback that cuts connections, as networks and restarts do. */
export interface CuttingProxy {
  readonly url: string;
  /** How often it has cut so far. */
  readonly cuts: number;
  stop(): Promise<void>;
}

/** What is cut. */
export interface Cuts {
  /** The first answers to a POST: the API has done as asked, and its caller never hears. */
  readonly answers: number;
  /** A stream of a job's output after so many bytes, each time. */
  readonly bytes?: number;
}

/** @param target the API's address */
export async function startCuttingProxy(target: string, { answers, bytes = Number.POSITIVE_INFINITY }: Cuts): Promise<CuttingProxy> {
  let cuts = 0;
  let toCut = answers;
  const server = createServer((asked, answer) => {
    const { method = '', url = '', headers } = asked;
    const onward = request(new URL(url, target), { method, headers: { ...headers, host: new URL(target).host } }, answered => {
      const cut = () => {
        cuts += 1;
        answered.destroy();
        answer.destroy();
      };
      if (method === 'POST' && toCut > 0) {
        toCut -= 1;
        return cut();
      }
      answer.writeHead(answered.statusCode ?? 0, answered.headers);
      let left = url.endsWith('/output') ? bytes : Number.POSITIVE_INFINITY;
      answered.on('data', (piece: Buffer) => {
        // What a connection brought before it was cut arrives, or nothing could be gone on behind.
        answer.write(piece.subarray(0, left), left < piece.length ? cut : undefined);
        left = Math.max(left - piece.length, 0);
      });
      return answered.on('end', () => answer.end());
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    get cuts() {
      return cuts;
    },
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
