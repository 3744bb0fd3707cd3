import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';
import { isBoard } from '../pages/board/path.ts';
import type { Tickets } from '../tickets.ts';
import { bearerOf, passwordOf } from '../tokens/credentials.ts';
import type { Token } from '../tokens/token.ts';
import type { Tokens } from '../tokens/watch.ts';
import { isWebSocketRequest } from '../web-sockets.ts';

/**
 * Authenticates requests by their tokens, and refuses those without a valid one if tokens are required (RFC 6750). The
 * queue board, which is read-only, also accepts a token as the password of Basic authentication, which browsers send. A request
 * for a WebSocket may have a ticket instead.
 * @param open paths that need no token
 */
export function auth(tokens: Tokens, tickets: Tickets, open: ReadonlySet<string>) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    if (tokens.required) {
      const header = ctx.get('Authorization');
      const page = isBoard(ctx.path);
      const text = bearerOf(header) || (page ? passwordOf(header) : '');
      const { ticket } = ctx.query;
      const hasTicket = text === '' && typeof ticket === 'string' && isWebSocketRequest(ctx.req);
      const token = hasTicket ? await findByTicket(tokens, tickets, ticket, ctx.path) : tokens.find(text);
      if (!token && !open.has(ctx.path.replace(/(?<=.)\/$/, ''))) {
        const bearer = text === '' ? 'Bearer' : 'Bearer error="invalid_token"';
        ctx.set('WWW-Authenticate', page ? [bearer, basic] : bearer);
        throw new ApiError('UnauthorizedError', text === '' ? (hasTicket ? usedTicket : missing) : wrong);
      }
      if (token) ctx.state.token = token;
    }
    await next();
  };
}

async function findByTicket(tokens: Tokens, tickets: Tickets, ticket: string, path: string): Promise<Token | undefined> {
  const hash = await tickets.redeem(ticket, path);
  return hash ? tokens.findByHash(hash) : undefined;
}

const usedTicket = 'The ticket is unknown, was used before, has expired or is for another path: create another with POST /tickets.';
const basic = 'Basic realm="podman-api", charset="UTF-8"';
const missing = 'Send a token: "Authorization: Bearer <token>"; "npm run token -- create <name>" creates one.';
const wrong = 'The token is unknown, revoked or expired: create another with "npm run token".';
