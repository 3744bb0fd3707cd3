import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { Context } from '../context.ts';
import { isBoard } from '../pages/board/path.ts';
import { bearerOf, passwordOf } from '../tokens/credentials.ts';
import type { Tokens } from '../tokens/watch.ts';

/**
 * Finds out whose request it is; where tokens are wanted, one without a valid one goes no further (RFC 6750). A browser
 * that opens a page can send one as a password alone, and then does so by itself: that is taken where nothing can be changed.
 * @param open paths where none is wanted; with one, some tell more
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
const missing = 'Send a token: "Authorization: Bearer <token>"; "npm run token -- create <name>" makes one.';
const wrong = 'The token is not known, was revoked or has expired.';
