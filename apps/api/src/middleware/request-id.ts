import { randomUUID } from 'node:crypto';
import type { Next } from 'koa';
import type { Context } from '../context.ts';

const sane = /^[\w.:-]{1,128}$/;

/** Gives each request an id, the caller's own where it is sane, and sends it back as `X-Request-Id`. */
export async function requestId(ctx: Context, next: Next): Promise<void> {
  const given = ctx.get('X-Request-Id');
  ctx.state.requestId = sane.test(given) ? given : randomUUID();
  ctx.set('X-Request-Id', ctx.state.requestId);
  await next();
}
