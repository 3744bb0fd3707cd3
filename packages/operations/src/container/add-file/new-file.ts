import { ApiError, invalidField } from '@podman-api/errors';

/** A file to put into a container. */
export interface NewFile {
  /** Absolute in the container, normalized. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Octal digits; empty keeps the mode of an existing file; a new one gets `0644`. */
  readonly mode: string;
  /** `user`, `uid`, `user:group` or `uid:gid`; empty keeps the owner of an existing file; a new one belongs to root. */
  readonly owner: string;
}

/** Returns a 400: the path is a directory. */
export function directoryError(path: string): ApiError {
  return invalidField('dest_path', `dest_path: ${path} is a directory in the container; name a file.`);
}

/** Returns a 400: the path is not a regular file. */
export function notRegularError(path: string): ApiError {
  return invalidField('dest_path', `dest_path: ${path} is a device, pipe or socket in the container; name a regular file or a new one.`);
}

/** Returns a 400: files of the kernel can't be replaced. */
export function kernelPathError(path: string): ApiError {
  return invalidField('dest_path', `dest_path: ${path} is in /proc or /sys, which are file systems of the kernel; name a path elsewhere.`);
}

/** Returns a 400: the folder does not exist and cannot be created. @param reason error message of a tool */
export function missingFolderError(path: string, reason: string): ApiError {
  return invalidField('dest_path', `dest_path: the directory of ${path} does not exist and cannot be created: ${reason}`);
}

/** Returns a 400: a symbolic link on the path must not be followed. */
export function untrustedLinkError(path: string, link: string): ApiError {
  const reason = `the symbolic link ${link} could have been created by a user who may not write to its target`;
  return invalidField('dest_path', `dest_path: ${path} is not written: ${reason}; name the target instead.`);
}

/** Returns a 409: the path is mounted by itself, and only a script in the running container can write to it. */
export function mountedError(path: string): ApiError {
  const message = `dest_path: ${path} is a mount, which can be written only in a running container with a shell: start the container first.`;
  return new ApiError('ConflictError', message, { details: [{ path: 'dest_path', message }] });
}

/** Returns a 400: the container lacks the owner. */
export function unknownOwnerError(owner: string): ApiError {
  return invalidField('owner', `owner: the container has no user or group ${owner}.`);
}
