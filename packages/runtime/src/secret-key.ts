import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The key that seals secrets on their way through Redis: `SECRET_KEY`, or else that of the state folder,
 * made at its first use and readable by its user alone.
 */
export function readSecretKey(configured: string | undefined, folder: string): string {
  if (configured !== undefined) return configured;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'secret.key');
  return readIfThere(path) ?? makeKey(path);
}

/** Written whole under another name first, for the API and the worker may both be starting. */
function makeKey(path: string): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
