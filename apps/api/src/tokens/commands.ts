import type { Scope } from '@podman-api/operations';
import { type AuditLog, ConfigError } from '@podman-api/runtime';
import { parseDuration } from './duration.ts';
import { changeTokens, readTokens, tokenName } from './file.ts';
import { type QuotaOptionValues, quotaNames, readQuotas } from './quotas.ts';
import { isScope, scopes } from './scopes.ts';
import { hasExpired, hashOf, newToken } from './token.ts';

/** Options of `create`. */
interface CreateTokenOptions {
  /** Separated by commas. */
  readonly scopes?: string | undefined;
  /** Time until the token expires, for example `30d`. */
  readonly expires?: string | undefined;
  readonly quotas?: QuotaOptionValues;
}

/**
 * Creates a token.
 * @returns the token, which is not stored and cannot be read again
 * @throws ConfigError if an argument is invalid
 */
export function createToken(file: string, audit: AuditLog, name: string, options: CreateTokenOptions): string {
  if (!tokenName.test(name)) throw new ConfigError('The name must be 1 to 64 letters, digits, "_", ".", "@" and "-".');
  const granted = readScopes(options.scopes ?? '');
  const now = Date.now();
  const expires = options.expires === undefined ? null : now + readTime(options.expires);
  const quotas = readQuotas(options.quotas ?? {});
  const token = newToken();
  changeTokens(file, tokens => {
    if (tokens.some(other => other.name === name))
      throw new ConfigError(`The token ${name} already exists: revoke it first, or choose another name.`);
    const created_at = new Date(now).toISOString();
    const expires_at = expires === null ? null : new Date(expires).toISOString();
    return [...tokens, { name, hash: hashOf(token), scopes: granted, created_at, expires_at, ...(quotas && { quotas }) }];
  });
  audit.write({ operation: 'token.create', outcome: 'succeeded', subject: name });
  return token;
}

/**
 * Revokes a token.
 * @throws ConfigError if there is no token with that name
 */
export function revokeToken(file: string, audit: AuditLog, name: string): string {
  changeTokens(file, tokens => {
    const others = tokens.filter(token => token.name !== name);
    if (others.length === tokens.length) throw new ConfigError(`There is no token ${name}: "npm run token -- list" shows all tokens.`);
    return others;
  });
  audit.write({ operation: 'token.revoke', outcome: 'succeeded', subject: name });
  return `The token ${name} was revoked.`;
}

/** Lists all tokens, one per line. */
export function listTokens(file: string): string {
  const tokens = readTokens(file) ?? [];
  if (tokens.length === 0) return 'There are no tokens.';
  return tokens
    .map(token => {
      const end = token.expires_at === null ? 'never expires' : `${hasExpired(token) ? 'expired' : 'expires'} ${token.expires_at}`;
      const quotas = quotaNames.flatMap(name => (token.quotas?.[name] === undefined ? [] : [`${name}=${token.quotas[name]}`]));
      return [token.name, token.scopes.join(','), `created ${token.created_at}`, end, ...quotas].join('  ');
    })
    .join('\n');
}

function readScopes(text: string): Scope[] {
  const given = text.split(',').map(scope => scope.trim());
  const known = given.filter(isScope);
  if (known.length === given.length) return known;
  throw new ConfigError(`--scopes must be some of ${Object.keys(scopes).join(', ')}, separated by commas.`);
}

/** Parses the time until a token expires. @returns milliseconds */
function readTime(text: string): number {
  const time = parseDuration(text);
  if (time !== undefined) return time;
  throw new ConfigError('--expires must be a number of days, hours or minutes, as in 30d, 12h or 90m.');
}
