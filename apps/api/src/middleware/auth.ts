import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { Context } from '../context.ts';
import { isBoard } from '../pages/board/path.ts';
import { bearerOf, passwordOf } from '../tokens/credentials.ts';
import type { Tokens } from '../tokens/watch.ts';

/**
 * Authenticates requests by their tokens, and refuses those without a valid one if tokens are required (RFC 6750). The
 * queue board, which is read-only, also accepts a token as the password of Basic authentication, which browsers send.
 * @param open paths that need no token
 */
export function auth(tokens: Tokens, open: ReadonlySet<string>) {
  return async (ctx: Context, next: Next): Promise<void> => {
    if (tokens.required) {
      const header = ctx.get('Authorization');
      const page = isBoard(ctx.path);
      const text = bearerOf(header) || (page ? passwordOf(header) : '');
      const token = tokens.find(text);
      if (!token && !open.has(ctx.path.replace(/(?<=.)\/$/, ''))) {
        const bearer = text === '' ? 'Bearer' : 'Bearer error="invalid_token"';
        ctx.set('WWW-Authenticate', page ? [bearer, basic] : bearer);
        throw new ApiError('UnauthorizedError', text === '' ? missing : wrong);
      }
      if (token) ctx.state.token = token;
    }
    await next();
  };
}

const basic = 'Basic realm="podman-api", charset="UTF-8"';
const missing = 'Send a token: "Authorization: Bearer <token>"; "npm run token -- create <name>" creates one.';
const wrong = 'The token is unknown, revoked or expired: create another with "npm run token".';
