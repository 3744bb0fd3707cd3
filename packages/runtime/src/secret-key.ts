import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config/read.ts';
import type { Config } from './config/variables.ts';
import { hasCode } from './error-code.ts';

/** Keys for secrets in Redis. The first encrypts, and all decrypt. */
export type SecretKeys = readonly [string, ...string[]];

type KeyConfig = Config<'SECRET_KEY' | 'SECRET_KEY_FILE' | 'STATE_DIR'>;

/**
 * Reads the keys from `SECRET_KEY`, or else from `SECRET_KEY_FILE`, or else from `secret.key` in the state folder. That file is
 * created on first use, readable only by its user.
 * @throws ConfigError if there is no key, or one is too short
 */
export function readSecretKeys({ SECRET_KEY, SECRET_KEY_FILE, STATE_DIR }: KeyConfig): SecretKeys {
  if (SECRET_KEY !== undefined) return parseKeys(SECRET_KEY, ',', 'SECRET_KEY');
  if (SECRET_KEY_FILE !== undefined) return parseKeys(readIfExists(SECRET_KEY_FILE) ?? '', '\n', `SECRET_KEY_FILE="${SECRET_KEY_FILE}"`);
  mkdirSync(STATE_DIR, { recursive: true });
  const path = join(STATE_DIR, 'secret.key');
  return parseKeys(readIfExists(path) ?? createKeyFile(path), '\n', path);
}

/** As in the schema of SECRET_KEY. */
const minKeyLength = 32;

function parseKeys(text: string, separator: string, source: string): SecretKeys {
  const [first, ...others] = text
    .split(separator)
    .map(key => key.trim())
    .filter(key => key !== '');
  if (first !== undefined && [first, ...others].every(key => key.length >= minKeyLength)) return [first, ...others];
  throw new ConfigError(`${source} must hold one or more keys of at least ${minKeyLength} characters each.`);
}

/** Writes a new key to a temporary file and links it, because the API and the worker may start at the same time. */
function createKeyFile(path: string): string {
  const temporaryPath = `${path}.${process.pid}`;
  writeFileSync(temporaryPath, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    linkSync(temporaryPath, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(temporaryPath);
  }
  return readFileSync(path, 'utf8');
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
