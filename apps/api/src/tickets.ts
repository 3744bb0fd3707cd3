import { randomBytes } from 'node:crypto';
import { keyPrefix, type RedisClient, withRedisErrors } from '@podman-api/redis';
import { hashOf } from './tokens/token.ts';

/** Time in which a ticket must be used. A page opens its WebSocket at once. */
export const ticketTtlSeconds = 30;

/** The permission that a ticket gives. */
interface Grant {
  /** Hash of the token; `null` if no tokens are used. */
  readonly token: string | null;
  /** The path of the only request that it is valid for. */
  readonly path: string;
}

/** One-use tickets with which browsers open WebSockets, because they cannot send a token in a header. Methods throw an `ApiError`
 * (503) while Redis is unavailable. */
export interface Tickets {
  /** Creates a ticket for one request. */
  create(grant: Grant): Promise<string>;
  /**
   * Redeems a ticket, which is invalid afterwards.
   * @returns the hash of its token, or `null` if none was used; `undefined` if it is not valid for the path
   */
  redeem(ticket: string, path: string): Promise<string | null | undefined>;
}

/** Redis has only a hash of the ticket, which a reader of Redis cannot use. */
const keyOf = (ticket: string) => `${keyPrefix}ticket:${hashOf(ticket)}`;

/** Creates the tickets of an API process. All processes that use the same Redis redeem them. */
export function createTickets(redis: RedisClient): Tickets {
  return {
    async create(grant) {
      const ticket = `ticket_${randomBytes(32).toString('base64url')}`;
      await withRedisErrors(redis.set(keyOf(ticket), JSON.stringify(grant), 'EX', ticketTtlSeconds));
      return ticket;
    },
    async redeem(ticket, path) {
      const text = await withRedisErrors(redis.getdel(keyOf(ticket)));
      if (text === null) return undefined;
      const grant: Grant = JSON.parse(text);
      return grant.path === path ? grant.token : undefined;
    },
  };
}
