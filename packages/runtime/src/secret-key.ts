import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config/read.ts';
import type { Config } from './config/variables.ts';
import { hasCode } from './error-code.ts';

/** The keys that seal secrets on their way through Redis: the first seals, and all open. */
export type SecretKeys = readonly [string, ...string[]];

type Place = Config<'SECRET_KEY' | 'SECRET_KEY_FILE' | 'STATE_DIR'>;

/**
 * Reads the keys of `SECRET_KEY`, or else of `SECRET_KEY_FILE`, or else that of the state folder, made at its first
 * use and readable by its user alone.
 * @throws ConfigError where the file holds none that is long enough
 */
export function readSecretKeys({ SECRET_KEY, SECRET_KEY_FILE, STATE_DIR }: Place): SecretKeys {
  if (SECRET_KEY !== undefined) return parse(SECRET_KEY, ',', 'SECRET_KEY');
  if (SECRET_KEY_FILE !== undefined) return parse(readIfThere(SECRET_KEY_FILE) ?? '', '\n', `SECRET_KEY_FILE="${SECRET_KEY_FILE}"`);
  mkdirSync(STATE_DIR, { recursive: true });
  const path = join(STATE_DIR, 'secret.key');
  return parse(readIfThere(path) ?? makeKey(path), '\n', path);
}

/** As SECRET_KEY's own check has it. */
const shortest = 32;

function parse(text: string, separator: string, place: string): SecretKeys {
  const [first, ...others] = text
    .split(separator)
    .map(key => key.trim())
    .filter(key => key !== '');
  if (first !== undefined && [first, ...others].every(key => key.length >= shortest)) return [first, ...others];
  throw new ConfigError(`${place} must hold a key of at least ${shortest} characters, and each of several must be so long.`);
}

/** Written whole under another name first, for the API and the worker may both be starting. */
function makeKey(path: string): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
