import { getSystemErrorMessage } from 'node:util';

const texts: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'this process has too many files open',
};

/**
 * Returns what an error of the operating system means, in words and without a period; `undefined` for other errors.
 * @example `there is no such file or directory` for ENOENT
 */
export function systemErrorText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return undefined;
  const own = 'code' in error && typeof error.code === 'string' ? texts[error.code] : undefined;
  return own ?? getSystemErrorMessage(error.errno);
}
