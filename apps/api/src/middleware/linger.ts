import { Readable } from 'node:stream';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';
import { discardBody } from '../request/read-bytes.ts';
import { isPlainObject } from './end-json-lines.ts';

/**
 * Ends a response only after the body of its request was received or dropped. With `Connection: close`, Node.js closes the connection
 * at the end of the response, and if the client still sends then, TCP resets the connection and the client loses the response. The
 * response itself is sent at once. A response that is a stream is left alone: its request may be read meanwhile.
 */
export async function linger(ctx: KoaContext, next: Next): Promise<void> {
  await next();
  const { req, body } = ctx;
  if (req.complete || ctx.respond === false) return;
  if (ctx.method === 'HEAD' || body === null || body === undefined) return discardBody(req);
  const bytes = encode(body);
  if (!bytes) return;
  ctx.body = Readable.from(sendThenWait(bytes, discardBody(req)));
  // Koa removes the length of the replaced body.
  ctx.length = bytes.length;
}

/** Returns the bytes that Koa would send for a body; `undefined` if it is a stream. */
function encode(body: unknown): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body;
  if (typeof body === 'string') return Buffer.from(body);
  return isPlainObject(body) ? Buffer.from(JSON.stringify(body)) : undefined;
}

async function* sendThenWait(bytes: Buffer, received: Promise<void>): AsyncGenerator<Buffer> {
  yield bytes;
  await received;
}
