import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { toApiError } from '@podman-api/errors';
import { validationError } from '@podman-api/operations';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { authorizeJob } from './authorize-job.ts';
import { type Format, formats } from './output-formats.ts';

/** Time without output after which a ping is sent, because proxies close idle connections. */
const pingIntervalMs = 10_000;
/** Interval at which the reader's token is checked. */
const tokenCheckIntervalMs = 1000;

/**
 * Handles `GET /jobs/:id/output`: streams the output of a job's command from the beginning, then its outcome. A slow reader
 * delays neither the job nor other readers.
 */
export function readOutput({ jobs, log, tokens, stopping }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const format = chooseFormat(ctx);
    const after = readAfter(ctx.get('Last-Event-ID'));
    authorizeJob(ctx, id, await jobs.read(id));

    const closed = new AbortController();
    const { token } = ctx.state;
    const tokenCheck = setInterval(() => token && !tokens.holds(token) && closed.abort('revoked'), tokenCheckIntervalMs);
    ctx.res.once('close', () => {
      clearInterval(tokenCheck);
      closed.abort('gone');
    });
    const signal = AbortSignal.any([stopping, closed.signal]);
    const body = new PassThrough();
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Accel-Buffering', 'no');
    ctx.body = body;
    ctx.type = format.type;
    ctx.status = 200;
    const position = { last: after };
    pipeWithBackpressure(jobs.output(id, after, signal), format, position, body, signal).catch((error: unknown) => {
      const apiError = toApiError(error);
      if (apiError.type === 'InternalError') log.error({ err: apiError.cause, job: id }, apiError.message);
      body.end(format.error(position.last, apiError.toJSON()));
    });
  };
}

type Events = ReturnType<AppParts['jobs']['output']>;

/**
 * Writes events as fast as they are read; resolves when all are written, or the signal is aborted.
 * @param position updated to the number of the last event that was written: readers continue after it
 */
async function pipeWithBackpressure(
  events: Events,
  format: Format,
  position: { last: number },
  body: PassThrough,
  signal: AbortSignal,
): Promise<void> {
  const heartbeat = setInterval(() => body.write(format.ping(position.last)), pingIntervalMs);
  try {
    for await (const event of events) {
      if (signal.aborted) break;
      heartbeat.refresh();
      position.last = event.number;
      const text = event.chunk ? format.output(event.number, event.chunk) : format.end(event.number, event.outcome);
      if (text.length > 0 && !body.write(text)) await once(body, 'drain', { signal });
    }
    body.end();
  } catch (error) {
    if (!signal.aborted) throw error;
    body.end();
  } finally {
    clearInterval(heartbeat);
  }
}

function chooseFormat(ctx: RouteContext): Format {
  const type = ctx.accepts(...formats.map(format => format.type));
  const format = formats.find(candidate => candidate.type === type);
  if (format) return format;
  const wanted = formats.map(candidate => candidate.type).join(', ');
  throw validationError([{ path: 'Accept', message: `Accept must allow one of ${wanted}` }]);
}

function readAfter(header: string): number {
  if (header === '') return 0;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw validationError([{ path: 'Last-Event-ID', message: 'Last-Event-ID must be the id of an event of this stream' }]);
}
