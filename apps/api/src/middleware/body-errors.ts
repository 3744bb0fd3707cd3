import { hasCode, type Log } from '@podman-api/runtime';
import type Koa from 'koa';
import type { KoaContext, State } from '../context.ts';

/** Codes of a response whose client has disconnected before its end: `ERR_STREAM_PREMATURE_CLOSE` of streams, and those of sockets. */
const disconnects = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'];

/**
 * Logs errors that no middleware sees, because they occur while a body is sent. A client that disconnects is not an error, and the log of
 * requests has it: Testcontainers does so when it has read the line of a log for which it waits. Koa would write a stack trace for each to
 * stderr.
 */
export function logBodyErrors(app: Koa<State, object>, log: Pick<Log, 'error'>): void {
  app.on('error', (error: unknown, ctx?: KoaContext) => {
    if (disconnects.some(code => hasCode(error, code))) return;
    log.error({ err: error, request_id: ctx?.state.requestId, job: ctx?.state.jobId }, 'a response could not be sent to its end');
  });
}
