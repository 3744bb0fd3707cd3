import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Scope } from '@podman-api/operations';

/** What is kept of a token: all but the token itself. */
export interface Token {
  readonly name: string;
  /** SHA-256 in hex. A token is 256 bits at random, which no list of likely ones holds, so it needs no slow hash. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** ISO 8601. */
  readonly created_at: string;
  /** ISO 8601; `null` for never. */
  readonly expires_at: string | null;
}

/** Lets scanners for secrets know what they have found. */
const prefix = 'podman_api_';

/** A new token, to be shown once: 256 bits at random. */
export function newToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token that a text is, unless it has expired. Each one is compared, and each in constant time. */
export function findToken(tokens: readonly Token[], text: string, now = Date.now()): Token | undefined {
  const hash = Buffer.from(hashOf(text), 'hex');
  const [found] = tokens.filter(token => timingSafeEqual(Buffer.from(token.hash, 'hex'), hash));
  return found && !hasExpired(found, now) ? found : undefined;
}

export function hasExpired({ expires_at }: Token, now = Date.now()): boolean {
  return expires_at !== null && Date.parse(expires_at) <= now;
}
