import { statSync } from 'node:fs';
import { operations } from '@podman-api/operations';
import type { Log } from '@podman-api/runtime';
import { readTokens } from './file.ts';
import { covers } from './scopes.ts';
import { findToken, hasExpired, type Token } from './token.ts';

/** Interval at which the file is checked: a revoked token must be refused within 2 s. */
const checkIntervalMs = 500;

/** The tokens that this process accepts. */
export interface Tokens {
  /**
   * Whether a token is required. Once a process has read a tokens file, this stays `true` until a restart, so that losing
   * the file does not open the API.
   */
  readonly isRequired: boolean;
  /** Returns the valid token of a string, else `undefined`. */
  find(text: string): Token | undefined;
  /** Returns the valid token with a hash, else `undefined`. */
  findByHash(hash: string): Token | undefined;
  /** Number of valid tokens whose scopes allow submitting jobs. */
  readonly submitterCount: number;
  /** Returns whether a token that was found is still valid. */
  isValid(token: Token): boolean;
  stop(): void;
}

/**
 * Reads the tokens of a file, and again after each change.
 * @throws ConfigError if the file cannot be read at the start
 */
export function watchTokens(path: string, log: Log): Tokens {
  let version = versionOf(path);
  let tokens = readTokens(path);
  let isRequired = tokens !== undefined;
  const timer = setInterval(() => {
    try {
      const next = versionOf(path);
      if (next === version) return;
      version = next;
      tokens = readTokens(path);
      isRequired ||= tokens !== undefined;
    } catch (error) {
      tokens = undefined;
      isRequired = true;
      log.error({ err: error }, 'the tokens file cannot be read; all tokens are refused until it can be read');
    }
  }, checkIntervalMs);
  return {
    get isRequired() {
      return isRequired;
    },
    get submitterCount() {
      return (tokens ?? []).filter(token => canSubmit(token) && !hasExpired(token)).length;
    },
    find: text => findToken(tokens ?? [], text),
    findByHash: hash => tokens?.find(token => token.hash === hash && !hasExpired(token)),
    isValid: token => (tokens ?? []).some(({ name, hash }) => name === token.name && hash === token.hash) && !hasExpired(token),
    stop: () => clearInterval(timer),
  };
}

/** Returns a string that changes with the file. */
function versionOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.mtimeNs} ${stat.size}` : '';
}

/** Returns whether a token's scopes allow an operation that is a job. */
export function canSubmit({ scopes }: Token): boolean {
  return operations.some(({ scope }) => covers(scopes, scope));
}
