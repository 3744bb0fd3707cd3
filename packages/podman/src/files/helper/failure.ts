import type { FileFailure } from '../protocol.ts';

/** A failed request; the caller gets the reason. */
export class FileError extends Error {
  readonly failure: FileFailure;

  /** @param detail the path or name that the failure is about, or a message of the system */
  constructor(failure: FileFailure, detail: string) {
    super(detail);
    this.failure = failure;
  }
}

const failuresByCode: Readonly<Record<string, FileFailure>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-directory',
  EISDIR: 'directory',
  ELOOP: 'loop',
  ENAMETOOLONG: 'not-found',
  EBUSY: 'mounted',
  EEXIST: 'exists',
  ENOTEMPTY: 'not-empty',
  EXDEV: 'other-file-system',
  EROFS: 'read-only',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  ESRCH: 'gone',
};

/** Returns the failure for what was thrown; paths of the host are left out. @param path the path in the container */
export function toFileError(thrown: unknown, path: string): FileError {
  if (thrown instanceof FileError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
  const failure = failuresByCode[code];
  return failure ? new FileError(failure, path) : new FileError('failed', `${path}: ${code}`);
}

/** Longest name in a message: a name in an archive can be 1 MiB long. */
const maxShownCharacters = 200;

/** Shortens a name for a message. */
export function shortenName(name: string): string {
  return name.length > maxShownCharacters ? `${name.slice(0, maxShownCharacters)}...` : name;
}

/**
 * Whether an error of the system has a code, such as `ENOENT`. The runtime package has the same function, but importing it would
 * make each helper start slower.
 */
export function hasSystemCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
