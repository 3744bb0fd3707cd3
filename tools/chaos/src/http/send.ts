import { request } from 'node:http';
import { type CheckedResponse, parseResponse } from './response.ts';

/** A request to the API. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path. */
  readonly path: string;
  /** Sent unchanged if it is a buffer, and otherwise as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Disconnects the caller: after some ms, or in the middle of its body. */
  readonly disconnectAfterMs?: number | 'half-way';
}

/** Outcome of a request without a response. */
export type Failure =
  /** The connection was refused, so it was not sent. */
  | 'refused'
  /** The connection broke; it may have been received. */
  | 'broken'
  /** The caller disconnected while it waited; it may have been received. */
  | 'disconnected'
  /** The caller disconnected before it had sent the whole body. */
  | 'sent incompletely'
  /** No response came in time. */
  | 'timed out';

/** Time limit for a response: twice the longest wait and the longest freeze of a process (20 s). */
const timeoutMs = 60_000;

/** Sends a request on a separate connection, without automatic retries. */
export function send(api: string, { method, path, body, headers, disconnectAfterMs }: Request): Promise<CheckedResponse | Failure> {
  const bytes = body && (body instanceof Buffer ? body : Buffer.from(JSON.stringify(body)));
  const type = body instanceof Buffer ? 'application/octet-stream' : 'application/json';
  const length = bytes && { 'Content-Type': type, 'Content-Length': bytes.length };
  return new Promise(resolve => {
    const sent = request(`${api}/api/v1${path}`, { method, agent: false, headers: { ...headers, ...length } }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('error', () => give('broken'));
      response.on('end', () => give(parseResponse(response.statusCode ?? 0, Buffer.concat(chunks).toString())));
    });
    const timers = [setTimeout(() => give('timed out'), timeoutMs)];
    const give = (value: CheckedResponse | Failure) => {
      timers.forEach(clearTimeout);
      resolve(value);
      sent.destroy();
    };
    sent.on('error', error => give('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : 'broken'));
    if (typeof disconnectAfterMs === 'number') timers.push(setTimeout(() => give('disconnected'), disconnectAfterMs));
    if (disconnectAfterMs === 'half-way' && bytes) sent.write(bytes.subarray(0, bytes.length / 2), () => give('sent incompletely'));
    else sent.end(bytes);
  });
}
