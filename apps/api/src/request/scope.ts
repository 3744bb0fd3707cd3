import { ApiError } from '@podman-api/errors';
import type { Scope } from '@podman-api/operations';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';
import { covers } from '../tokens/scopes.ts';

/** Returns whether a request has a scope. Without tokens, every request has all scopes. */
export function hasScope({ state: { token } }: Pick<KoaContext, 'state'>, scope: Scope): boolean {
  return token === undefined || covers(token.scopes, scope);
}

/** Creates middleware that requires a scope. @throws ApiError (403) if the token lacks it */
export function requireScope(scope: Scope) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    if (!hasScope(ctx, scope)) throw missingScope(ctx, scope);
    await next();
  };
}

/** Creates the 403 for a token that lacks a scope. */
export function missingScope({ state: { token } }: Pick<KoaContext, 'state'>, scope: Scope): ApiError {
  return new ApiError(
    'ForbiddenError',
    `The token ${token?.name ?? ''} lacks the scope ${scope}, which this request needs: create another token with it.`,
  );
}
