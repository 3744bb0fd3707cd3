import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ApiError } from '@podman-api/errors';
import type { Operation } from '@podman-api/operations';
import { type ByteChannel, waitAtMost } from '@podman-api/runtime';
import type { KoaContext } from '../context.ts';
import { discardBody } from './read-bytes.ts';
import { allowSlowBody } from './request-timeout.ts';

/** A client that sends nothing for this long while more is expected gets a 408. */
const idleTimeoutMs = 60_000;

/** The body of a request that is passed on to a worker. */
export interface Upload {
  /**
   * Sends the body on a channel, as fast as the worker takes it, and ends it.
   * @throws ApiError (413) if it is larger than MAX_UPLOAD, (400) if it ends early or is not gzip, (408) if the client is silent
   */
  sendTo(channel: ByteChannel): Promise<void>;
  /** Reads and drops the rest of the body for a while, so that the client gets the response. */
  discard(): void;
}

/**
 * Opens the body of a request. If `acceptsGzip`, a gzip body is decompressed, which its headers or its first bytes show.
 * @param maxBytes after decompression
 * @throws ApiError (413, 415)
 */
export function openUpload(ctx: KoaContext, { acceptsGzip }: NonNullable<Operation['upload']>, maxBytes: number): Upload {
  const encoding = (ctx.get('Content-Encoding') || 'identity').toLowerCase();
  const isGzip = encoding === 'gzip' && acceptsGzip === true;
  if (encoding !== 'identity' && !isGzip) {
    const allowed = acceptsGzip ? 'without Content-Encoding, or with gzip' : 'without Content-Encoding';
    throw new ApiError('UnsupportedMediaTypeError', `Send the body ${allowed}.`);
  }
  const { req } = ctx;
  if (!isGzip && Number(ctx.get('Content-Length') || 0) > maxBytes) {
    discardBody(req);
    throw tooLarge(maxBytes);
  }
  allowSlowBody(req);
  /** Whether the body was read to its end, or is discarded. */
  let isOver = false;
  return {
    async sendTo(channel) {
      let size = 0;
      try {
        for await (const bytes of readPieces(req, isGzip, acceptsGzip === true)) {
          if (isOver) break;
          size += bytes.length;
          if (size > maxBytes) throw tooLarge(maxBytes);
          await channel.write(bytes);
        }
        // Discarding a body ends the loop as its end does.
        if (isOver) throw new Error('the rest of the body was discarded');
        isOver = true;
        await channel.end();
      } catch (error) {
        throw error instanceof ApiError ? error : brokenBody(error);
      }
    },
    discard() {
      if (!isOver) discardBody(req);
      isOver = true;
    },
  };
}

/** Reads a body piece by piece. @throws ApiError (408) if the client is silent for too long */
async function* readPieces(request: IncomingMessage, isGzip: boolean, acceptsGzip: boolean): AsyncGenerator<Buffer> {
  const isCompressed = isGzip || (acceptsGzip && (await unlessSilent(beginsAsGzip(request))));
  const source = isCompressed ? gunzip(request) : request;
  const pieces: AsyncIterator<Buffer> = source.iterator({ destroyOnReturn: false });
  for (;;) {
    const { value, done } = await unlessSilent(pieces.next());
    if (done) return;
    yield value;
  }
}

/** Waits for what a client sends next. @throws ApiError (408) */
async function unlessSilent<Value extends object | boolean>(next: Promise<Value>): Promise<Value> {
  const value = await waitAtMost(idleTimeoutMs, next);
  if (value !== undefined) return value;
  throw new ApiError('TimeoutError', 'The request body was not received in time, and nothing was done: send it again.');
}

/** Decompresses a body. The request is not destroyed if it is not gzip: the rest of it can still be discarded. */
function gunzip(request: IncomingMessage): Readable {
  if (request.destroyed) throw new Error('the client has disconnected');
  const decompressed = createGunzip();
  request.once('close', () => {
    if (!request.readableEnded) decompressed.destroy(new Error('the client has disconnected'));
  });
  return request.pipe(decompressed);
}

/** Whether a body begins with the magic bytes of gzip (RFC 1952), which no tar archive does. */
async function beginsAsGzip(request: IncomingMessage): Promise<boolean> {
  if (request.readableLength === 0 && !request.readableEnded && !request.destroyed) await once(request, 'readable');
  const first: Buffer | null = request.read();
  if (first === null) return false;
  request.unshift(first);
  return first[0] === 0x1f && first[1] === 0x8b;
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError('PayloadTooLargeError', `The body is larger than the limit of ${maxBytes} bytes (MAX_UPLOAD): send a smaller body.`);
}

function brokenBody(cause: unknown): ApiError {
  const isCorrupt = cause instanceof Error && 'code' in cause && /^Z_/.test(String(cause.code));
  const message = isCorrupt
    ? 'The body is not valid gzip, as Content-Encoding says: compress it again.'
    : 'The request body ended before all of it was received; send it again.';
  return new ApiError('ValidationError', message, {}, { cause });
}
