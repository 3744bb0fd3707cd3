import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { asApiError } from '@podman-api/errors';
import { faults } from '@podman-api/operations';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { type Format, formats } from './output-formats.ts';
import { ownJob } from './own.ts';

/** Without output for so long, in ms, a stream says that it lives: proxies cut quiet ones. */
const heartbeatEvery = 10_000;
/** How often a stream looks whether its reader's token is still valid, in ms. */
const lookEvery = 1000;

/**
 * `GET /jobs/:id/output`: what a job's command writes, as it comes and from the beginning, and how it ended. A slow
 * reader makes this process wait and nobody else.
 */
export function readOutput({ jobs, log, tokens, stopping }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const format = chooseFormat(ctx);
    const after = readAfter(ctx.get('Last-Event-ID'));
    ownJob(ctx, id, await jobs.read(id));

    const gone = new AbortController();
    const { token } = ctx.state;
    const look = setInterval(() => token && !tokens.holds(token) && gone.abort('revoked'), lookEvery);
    ctx.res.once('close', () => {
      clearInterval(look);
      gone.abort('gone');
    });
    const signal = AbortSignal.any([stopping, gone.signal]);
    const body = new PassThrough();
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Accel-Buffering', 'no');
    ctx.body = body;
    ctx.type = format.type;
    ctx.status = 200;
    pour(jobs.output(id, after, signal), format, after, body, signal).catch((error: unknown) => {
      const told = asApiError(error);
      if (told.type === 'InternalError') log.error({ err: told.cause, job: id }, told.message);
      body.end(format.error(after, told.toJSON()));
    });
  };
}

type Events = ReturnType<AppParts['jobs']['output']>;

/** Writes events as fast as they are read; resolves when all are written, or the signal is aborted. */
async function pour(events: Events, format: Format, after: number, body: PassThrough, signal: AbortSignal): Promise<void> {
  let last = after;
  const heartbeat = setInterval(() => body.write(format.ping(last)), heartbeatEvery);
  try {
    for await (const event of events) {
      if (signal.aborted) break;
      heartbeat.refresh();
      last = event.number;
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
  throw faults([{ path: 'Accept', message: `Accept must allow one of ${wanted}` }]);
}

function readAfter(header: string): number {
  if (header === '') return 0;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw faults([{ path: 'Last-Event-ID', message: 'Last-Event-ID must be the id of an event of this stream' }]);
}
