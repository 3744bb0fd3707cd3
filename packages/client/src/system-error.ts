import { getSystemErrorMessage } from 'node:util';

/** Descriptions that are clearer than those of Node.js. */
const descriptions: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'this process has too many files open',
};

/** Whether an error of the operating system has a code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/**
 * Returns a description of an error of the operating system, without a period; `undefined` for other errors.
 * @example `there is no such file or directory` for ENOENT
 */
export function describeSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return undefined;
  const description = 'code' in error && typeof error.code === 'string' ? descriptions[error.code] : undefined;
  return description ?? getSystemErrorMessage(error.errno);
}
