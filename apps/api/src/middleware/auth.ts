import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import { basePath, type Context } from '../context.ts';
import type { Tokens } from '../tokens/watch.ts';

/** Where no token is asked for: those who look after the process have none. */
const open: ReadonlySet<string> = new Set([`${basePath}/health`]);

/** Finds out whose request it is; where tokens are wanted, one without a valid one goes no further (RFC 6750). */
export function auth(tokens: Tokens) {
  return async (ctx: Context, next: Next): Promise<void> => {
    if (tokens.required && !open.has(ctx.path)) {
      const [, text = ''] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(ctx.get('Authorization')) ?? [];
      const token = tokens.find(text);
      if (!token) {
        ctx.set('WWW-Authenticate', text === '' ? 'Bearer' : 'Bearer error="invalid_token"');
        throw new ApiError('UnauthorizedError', text === '' ? missing : wrong);
      }
      ctx.state.token = token;
    }
    await next();
  };
}

const missing = 'Send a token: "Authorization: Bearer <token>"; "npm run token -- create <name>" makes one.';
const wrong = 'The token is not known, was revoked or has expired.';
