import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorType } from '@podman-api/errors';

interface Refusal {
  readonly status: number;
  readonly type: ErrorType;
  readonly message: string;
}

/** By the code of Node.js's error; the statuses are Node.js's own. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, type: 'TimeoutError', message: 'The request did not arrive in time; nothing was done.' },
  HPE_HEADER_OVERFLOW: { status: 431, type: 'ValidationError', message: 'The headers of the request are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, type: 'PayloadTooLargeError', message: "The chunks' extensions are too large." },
};
const malformed: Refusal = { status: 400, type: 'ValidationError', message: 'This is not HTTP.' };

/** Makes what Node.js answers by itself, before there is a request, an answer of the API's form; then it closes. */
export function answerClientErrors(server: Server): void {
  const last = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', (request, response) => last.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || !isFree(last.get(socket))) socket.destroy();
    else socket.end(answer(refusals[error.code ?? ''] ?? malformed), () => socket.destroy());
  });
}

/**
 * Whether what is written to the connection now answers what is wrong. An answer may be half sent; and one that is
 * still awaited belongs to a whole request before, whose caller must not take this for its outcome.
 */
function isFree(response: ServerResponse | undefined): boolean {
  if (!response || response.writableFinished) return true;
  return response.socket !== null && !response.headersSent && !response.req.complete;
}

function answer({ status, type, message }: Refusal): string {
  const body = JSON.stringify({ success: false, error: { message, code: status, type }, timestamp: new Date().toISOString() });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
