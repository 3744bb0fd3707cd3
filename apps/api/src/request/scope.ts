import { ApiError } from '@podman-api/errors';
import type { Scope } from '@podman-api/operations';
import type { Next } from 'koa';
import type { Context } from '../context.ts';
import { covers } from '../tokens/scopes.ts';

/** Whether a request may do what a scope allows: without tokens, every one may. */
export function may({ state: { token } }: Pick<Context, 'state'>, scope: Scope): boolean {
  return token === undefined || covers(token.scopes, scope);
}

/** Lets a request go on whose token has a scope. @throws ApiError (403) */
export function needs(scope: Scope) {
  return async (ctx: Context, next: Next): Promise<void> => {
    if (!may(ctx, scope)) throw lacks(ctx, scope);
    await next();
  };
}

/** The 403 of a token that lacks a scope. */
export function lacks({ state: { token } }: Pick<Context, 'state'>, scope: Scope): ApiError {
  return new ApiError('ForbiddenError', `The token ${token?.name ?? ''} may not do this: it needs the scope ${scope}.`);
}
