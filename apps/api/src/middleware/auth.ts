import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';
import { isBoard } from '../pages/board/path.ts';
import type { Tickets } from '../tickets.ts';
import { parseBasicPassword, parseBearerToken } from '../tokens/credentials.ts';
import type { Token } from '../tokens/token.ts';
import type { Tokens } from '../tokens/watch.ts';
import { isWebSocketRequest } from '../web-sockets.ts';

/**
 * Authenticates requests by their tokens, and refuses those without a valid one if tokens are required (RFC 6750). The
 * queue board, which is read-only, also accepts a token as the password of Basic authentication, which browsers send. A request
 * for a WebSocket may have a ticket instead.
 * @param publicPaths paths that need no token
 */
export function auth(tokens: Tokens, tickets: Tickets, publicPaths: ReadonlySet<string>) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    if (tokens.isRequired) {
      const header = ctx.get('Authorization');
      const isBoardPage = isBoard(ctx.path);
      const text = parseBearerToken(header) || (isBoardPage ? parseBasicPassword(header) : '');
      const { ticket } = ctx.query;
      const hasTicket = text === '' && typeof ticket === 'string' && isWebSocketRequest(ctx.req);
      const token = hasTicket ? await findByTicket(tokens, tickets, ticket, ctx.path) : tokens.find(text);
      if (!token && !publicPaths.has(ctx.path.replace(/(?<=.)\/$/, ''))) {
        const bearer = text === '' ? 'Bearer' : 'Bearer error="invalid_token"';
        ctx.set('WWW-Authenticate', isBoardPage ? [bearer, basicChallenge] : bearer);
        throw new ApiError(
          'UnauthorizedError',
          text === '' ? (hasTicket ? invalidTicketMessage : missingTokenMessage) : invalidTokenMessage,
        );
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

const invalidTicketMessage =
  'The ticket is unknown, was used before, has expired or is for another path: create another with POST /tickets.';
const basicChallenge = 'Basic realm="podman-api", charset="UTF-8"';
const missingTokenMessage = 'Send a token: "Authorization: Bearer <token>"; "npm run token -- create <name>" creates one.';
const invalidTokenMessage = 'The token is unknown, revoked or expired: create another with "npm run token".';
