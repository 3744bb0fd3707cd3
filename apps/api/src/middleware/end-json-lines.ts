import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';

/** Ends each JSON answer with a newline, so that after curl the prompt of a shell starts on a new line. */
export async function endJsonLines(ctx: KoaContext, next: Next): Promise<void> {
  await next();
  const { body } = ctx;
  if (typeof body === 'string') {
    if (ctx.response.is('json') && !body.endsWith('\n')) ctx.body = `${body}\n`;
  } else if (isPlainObject(body)) {
    ctx.body = `${JSON.stringify(body)}\n`;
  }
}

/** Whether Koa would write a body as JSON: it is not a stream, buffer or web response. */
function isPlainObject(body: unknown): body is object {
  if (typeof body !== 'object' || body === null) return false;
  const prototype: unknown = Object.getPrototypeOf(body);
  return prototype === Object.prototype || prototype === null;
}
