import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type ErrorBody, toApiError } from '@podman-api/errors';
import type { RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';
import { onResponseEnd } from '../request/response-end.ts';
import { onTokenEnd } from '../request/token-end.ts';

/** Time without an item after which a ping is sent, because proxies close idle connections. */
const pingIntervalMs = 10_000;

/** A response that is a stream of items. */
export interface ItemStream<Item> {
  /** The media type. */
  readonly type: string;
  /** Returns the items. The signal is aborted when the reader disconnects, its token is revoked, or the process stops. */
  open(signal: AbortSignal): AsyncIterable<Item>;
  /** Returns the bytes of an item; empty if this reader does not want it. */
  format(item: Item): string | Uint8Array;
  ping(): string;
  /** Returns the last bytes of a stream that fails. */
  error(error: ErrorBody): string;
}

/**
 * Responds with 200 and the items, as fast as they are read. A slow reader delays only itself.
 * @throws ApiError (429) if the token has too many streams
 */
export function streamItems<Item>(
  ctx: RouteContext,
  { log, tokens, streams, stopping }: Pick<AppParts, 'log' | 'tokens' | 'streams' | 'stopping'>,
  stream: ItemStream<Item>,
): void {
  streams.add(ctx);
  const closed = new AbortController();
  const endChecks = onTokenEnd(ctx, tokens, () => closed.abort('revoked'));
  onResponseEnd(ctx, () => {
    endChecks();
    closed.abort('gone');
  });
  const signal = AbortSignal.any([stopping, closed.signal]);
  const body = new PassThrough();
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Accel-Buffering', 'no');
  ctx.body = body;
  ctx.type = stream.type;
  ctx.status = 200;
  pipeWithBackpressure(stream, body, signal).catch((error: unknown) => {
    const apiError = toApiError(error);
    if (apiError.type === 'InternalError') log.error({ err: apiError.cause, path: ctx.path }, apiError.message);
    body.end(stream.error(apiError.toJSON()));
  });
}

/** Writes items as fast as they are read; resolves when all are written, or the signal is aborted. */
async function pipeWithBackpressure<Item>(stream: ItemStream<Item>, body: PassThrough, signal: AbortSignal): Promise<void> {
  const heartbeat = setInterval(() => body.write(stream.ping()), pingIntervalMs);
  try {
    for await (const item of stream.open(signal)) {
      if (signal.aborted) break;
      const bytes = stream.format(item);
      if (bytes.length === 0) continue;
      heartbeat.refresh();
      if (!body.write(bytes)) await once(body, 'drain', { signal });
    }
    body.end();
  } catch (error) {
    if (!signal.aborted) throw error;
    body.end();
  } finally {
    clearInterval(heartbeat);
  }
}
