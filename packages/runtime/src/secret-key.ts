import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './config/read.ts';
import type { Config } from './config/variables.ts';
import { hasCode } from './error-code.ts';

/** Keys for secrets in Redis, of which the first encrypts and all decrypt; or secrets that sign callbacks. */
export type SecretKeys = readonly [string, ...string[]];

type KeyConfig = Config<'SECRET_KEY' | 'SECRET_KEY_FILE' | 'STATE_DIR'>;

/**
 * Reads the keys from `SECRET_KEY`, or else from `SECRET_KEY_FILE`, or else from `secret.key` in the state folder. That file is
 * created on first use, readable only by its user.
 * @throws ConfigError if there is no key, or one is too short
 */
export function readSecretKeys({ SECRET_KEY, SECRET_KEY_FILE, STATE_DIR }: KeyConfig): SecretKeys {
  return readKeys({ name: 'SECRET_KEY', keys: SECRET_KEY, file: SECRET_KEY_FILE, defaultFile: join(STATE_DIR, 'secret.key') });
}

/**
 * Reads the secrets that sign callbacks, in the same way: from `CALLBACK_SECRET`, `CALLBACK_SECRET_FILE` or `callback.secret`.
 * @throws ConfigError if there is no secret, or one is too short
 */
export function readCallbackSecrets(config: Config<'CALLBACK_SECRET' | 'CALLBACK_SECRET_FILE' | 'STATE_DIR'>): SecretKeys {
  const { CALLBACK_SECRET, CALLBACK_SECRET_FILE, STATE_DIR } = config;
  const defaultFile = join(STATE_DIR, 'callback.secret');
  return readKeys({ name: 'CALLBACK_SECRET', keys: CALLBACK_SECRET, file: CALLBACK_SECRET_FILE, defaultFile });
}

/** Sources of keys. */
interface KeySources {
  /** The name of the variable. */
  readonly name: string;
  /** The value of the variable. */
  readonly keys: string | undefined;
  /** The value of `<name>_FILE`. */
  readonly file: string | undefined;
  readonly defaultFile: string;
}

function readKeys({ name, keys, file, defaultFile }: KeySources): SecretKeys {
  if (keys !== undefined) return parseKeys(keys, ',', name);
  if (file !== undefined) return parseKeys(readIfExists(file) ?? '', '\n', `${name}_FILE="${file}"`);
  mkdirSync(dirname(defaultFile), { recursive: true });
  return parseKeys(readIfExists(defaultFile) ?? createKeyFile(defaultFile), '\n', defaultFile);
}

/** Minimum length of a key in characters, the same as in the schemas of SECRET_KEY and CALLBACK_SECRET. */
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
