import type { PushRequest } from '../../../types.ts';
import { UsageError } from '../../errors.ts';
import { readStdin } from '../../stdin.ts';

/** Flags of a login at a registry. There is none for the password, because every user of a host can read arguments. */
export const loginFlags = {
  username: { type: 'string', short: 'u', value: 'USER', description: 'user name for the registry; requires --password-stdin' },
  'password-stdin': { type: 'boolean', description: 'read the password or token for the registry from stdin' },
} as const;

interface LoginValues {
  readonly username?: string;
  readonly 'password-stdin'?: boolean;
}

/**
 * Reads the login of the flags, with the password from stdin; a newline at its end is left out.
 * @returns `undefined` if the flags are missing
 * @throws UsageError if one of the flags is missing, or the password is empty
 */
export async function readLogin(values: LoginValues, signal: AbortSignal): Promise<PushRequest['credentials']> {
  const { username, 'password-stdin': hasPassword = false } = values;
  if (username === undefined && !hasPassword) return undefined;
  if (username === undefined || !hasPassword) throw new UsageError('--username and --password-stdin must be used together.');
  const password = (await readStdin(signal)).toString().replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('There is no password on stdin.');
  return { username, password };
}
