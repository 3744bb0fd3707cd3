import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Quotas } from '@podman-api/cluster';
import type { Scope } from '@podman-api/operations';

/** Maximum use of a token; a quota that is `undefined` is unlimited. */
export interface TokenQuotas extends Quotas {
  /** Seconds: the largest `ttl` of a container, and the `ttl` of one that is created without. */
  readonly max_ttl?: number | undefined;
}

/** A stored token, without the secret itself. */
export interface Token {
  readonly name: string;
  /** SHA-256 in hex. A token is 256 random bits, so it needs no slow hash. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** ISO 8601. */
  readonly created_at: string;
  /** ISO 8601; `null` for never. */
  readonly expires_at: string | null;
  readonly quotas?: TokenQuotas;
}

/** Lets secret scanners recognize tokens. */
const prefix = 'podman_api_';

/** Returns a new token: 256 random bits. */
export function newToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** Returns the hash under which a token is stored: SHA-256 in hex. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Finds the token of a string, unless it has expired. Compares with all tokens in constant time. */
export function findToken(tokens: readonly Token[], text: string, now = Date.now()): Token | undefined {
  const hash = Buffer.from(hashOf(text), 'hex');
  const [found] = tokens.filter(token => timingSafeEqual(Buffer.from(token.hash, 'hex'), hash));
  return found && !hasExpired(found, now) ? found : undefined;
}

/** Returns whether a token has expired. @param now ms since 1970 */
export function hasExpired({ expires_at }: Token, now = Date.now()): boolean {
  return expires_at !== null && Date.parse(expires_at) <= now;
}
