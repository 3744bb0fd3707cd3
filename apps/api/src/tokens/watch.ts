import { statSync } from 'node:fs';
import type { Log } from '@podman-api/runtime';
import { readTokens } from './file.ts';
import { findToken, hasExpired, type Token } from './token.ts';

/** How often the file is looked at, in ms: what was revoked must be refused within 2 s. */
const lookEvery = 500;

/** The tokens that this process takes. */
export interface Tokens {
  /**
   * Whether a token is wanted. A process that has seen a file of tokens wants one until it is started anew, whatever
   * becomes of the file: nobody opens the API by losing it.
   */
  readonly required: boolean;
  /** The token that a text is, if it is one that is valid now. */
  find(text: string): Token | undefined;
  /** Whether a token that was found is still valid. */
  holds(token: Token): boolean;
  stop(): void;
}

/**
 * Reads the tokens of a file, and again whenever it changes.
 * @throws ConfigError where the file can't be read at first
 */
export function watchTokens(path: string, log: Log): Tokens {
  let version = versionOf(path);
  let tokens = readTokens(path);
  let required = tokens !== undefined;
  const timer = setInterval(() => {
    try {
      const next = versionOf(path);
      if (next === version) return;
      version = next;
      tokens = readTokens(path);
      required ||= tokens !== undefined;
    } catch (error) {
      tokens = undefined;
      required = true;
      log.error({ err: error }, 'no token is taken until the file of tokens can be read');
    }
  }, lookEvery);
  return {
    get required() {
      return required;
    },
    find: text => findToken(tokens ?? [], text),
    holds: token => (tokens ?? []).some(({ name, hash }) => name === token.name && hash === token.hash) && !hasExpired(token),
    stop: () => clearInterval(timer),
  };
}

/** Changes whenever the file does. */
function versionOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.mtimeNs} ${stat.size}` : '';
}
