import { type ApiError, invalid } from '@podman-api/errors';

/** A file to be. */
export interface NewFile {
  /** Absolute, in the container. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Octal digits. */
  readonly mode: string;
  /** `user`, `uid`, `user:group` or `uid:gid`; empty for root. */
  readonly owner: string;
}

export function isDirectory(path: string): ApiError {
  return invalid('dest_path', `dest_path: ${path} is a directory in the container; name a file.`);
}

export function noOwner(owner: string): ApiError {
  return invalid('owner', `owner: the container has no user or group ${owner}.`);
}
