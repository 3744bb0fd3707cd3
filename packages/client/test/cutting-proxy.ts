import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** A proxy on loopback that cuts connections, as networks and restarts do. */
export interface CuttingProxy {
  readonly url: string;
  /** Number of cuts so far. */
  readonly cuts: number;
  /** Gives no answer to the requests from now on, as an API process that hangs. */
  hang(): void;
  stop(): Promise<void>;
}

/** Connections that the proxy cuts. */
export interface Cuts {
  /** Number of responses to a POST, from the first on: the API has done the work, and the caller gets no response. */
  readonly answers: number;
  /** Each stream of a job's output, after this many bytes and one whole line, so that every connection brings something. */
  readonly streamBytes?: number;
}

/** @param target address of the API */
export async function startCuttingProxy(target: string, { answers, streamBytes }: Cuts): Promise<CuttingProxy> {
  let cuts = 0;
  let answersToCut = answers;
  let isHanging = false;
  const server = createServer((incoming, outgoing) => {
    if (isHanging) return;
    const { method = '', url = '', headers } = incoming;
    const onward = request(new URL(url, target), { method, headers: { ...headers, host: new URL(target).host } }, answer => {
      const cut = () => {
        cuts += 1;
        answer.destroy();
        outgoing.destroy();
      };
      if (method === 'POST' && answersToCut > 0) {
        answersToCut -= 1;
        return cut();
      }
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      if (streamBytes !== undefined && url.endsWith('/output')) return pipeUntilCut(answer, outgoing, streamBytes, cut);
      return answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    get cuts() {
      return cuts;
    },
    hang() {
      isHanging = true;
    },
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pipeUntilCut(answer: IncomingMessage, outgoing: ServerResponse, streamBytes: number, cut: () => void): void {
  let remaining = streamBytes;
  let hasLine = false;
  answer.on('data', (piece: Buffer) => {
    if (remaining < 0) return;
    const lineEnd = hasLine ? 0 : piece.indexOf('\n') + 1;
    const end = Math.max(remaining, lineEnd);
    hasLine ||= lineEnd > 0;
    if (!hasLine || end > piece.length) {
      remaining = Math.max(remaining - piece.length, 0);
      outgoing.write(piece);
      return;
    }
    remaining = -1;
    // Data that was sent before the cut arrives.
    outgoing.write(piece.subarray(0, end), cut);
  });
  answer.on('end', () => {
    if (remaining >= 0) outgoing.end();
  });
}
