import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { Context } from '../context.ts';
import type { Tokens } from '../tokens/watch.ts';

/**
 * Finds out whose request it is; where tokens are wanted, one without a valid one goes no further (RFC 6750).
 * @param open paths where none is wanted; with one, some tell more
 */
export function auth(tokens: Tokens, open: ReadonlySet<string>) {
  return async (ctx: Context, next: Next): Promise<void> => {
    if (tokens.required) {
      const [, text = ''] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(ctx.get('Authorization')) ?? [];
      const token = tokens.find(text);
      if (!token && !open.has(ctx.path.replace(/(?<=.)\/$/, ''))) {
        ctx.set('WWW-Authenticate', text === '' ? 'Bearer' : 'Bearer error="invalid_token"');
        throw new ApiError('UnauthorizedError', text === '' ? missing : wrong);
      }
      if (token) ctx.state.token = token;
    }
    await next();
  };
}

const missing = 'Send a token: "Authorization: Bearer <token>"; "npm run token -- create <name>" makes one.';
const wrong = 'The token is not known, was revoked or has expired.';
