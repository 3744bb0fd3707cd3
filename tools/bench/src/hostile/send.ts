import { connect } from 'node:net';
import type { HostileRequest } from './requests/request.ts';

/** Outcome of a request. */
export interface Reply {
  /** The statuses of all responses on the connection; empty if it was closed without one. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Whether neither a response nor the end of the connection came in time. */
  readonly isStuck: boolean;
}

/** A response that takes longer counts as missing; the API waits 20 s for a job, and a busy machine takes its time. */
const responseTimeoutMs = 120_000;

/** Sends a request as it is on a separate connection and reads until the other side closes that. */
export function send(port: number, request: HostileRequest, job: string): Promise<Reply> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const chunks: Buffer[] = [];
    let isStuck = false;
    socket.setTimeout(responseTimeoutMs, () => {
      isStuck = true;
      socket.destroy();
    });
    socket.on('data', (chunk: string | Buffer) => chunks.push(Buffer.from(chunk)));
    socket.on('end', () => socket.end());
    // An API that refuses a request need not read the rest of it.
    socket.on('error', () => {});
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const statuses = [...text.matchAll(/(?:^|\r\n\r\n|\})HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
      resolve({ statuses: statuses.filter(status => status >= 200), text, isStuck });
    });
    const bytes = request.encode(job);
    // Ends the connection after an incomplete request; otherwise the API would wait for the rest.
    if (request.isIncomplete) socket.end(bytes);
    else socket.write(bytes);
  });
}
