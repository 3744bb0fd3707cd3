import { randomUUID } from 'node:crypto';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';

const valid = /^[\w.:-]{1,128}$/;

/** Gives each request an id, the caller's own if it is valid, and returns it as `X-Request-Id`. */
export async function requestId(ctx: KoaContext, next: Next): Promise<void> {
  const given = ctx.get('X-Request-Id');
  ctx.state.requestId = valid.test(given) ? given : randomUUID();
  ctx.set('X-Request-Id', ctx.state.requestId);
  await next();
}
