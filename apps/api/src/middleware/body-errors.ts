import { hasCode, type Log } from '@podman-api/runtime';
import type Koa from 'koa';
import type { KoaContext, State } from '../context.ts';

/** Error codes for a client that disconnects before the end of its response: that of streams, and those of sockets. */
const disconnects = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'];

/**
 * Logs errors that occur while a body is sent, which no middleware sees; Koa would write their stack traces to stderr. A client that
 * disconnects is not an error, and is in the request log: Testcontainers disconnects when it has read the log line that it waits for.
 */
export function logBodyErrors(app: Koa<State, object>, log: Pick<Log, 'error'>): void {
  app.on('error', (error: unknown, ctx?: KoaContext) => {
    if (disconnects.some(code => hasCode(error, code))) return;
    log.error({ err: error, request_id: ctx?.state.requestId, job: ctx?.state.jobId }, 'a response was not sent completely');
  });
}
