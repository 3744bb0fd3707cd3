import { opendirSync, readlinkSync } from 'node:fs';

/*
 * File names are bytes, which need not be UTF-8. So each character of a path or name in a helper is a byte (latin1), such as `cafÃ©` for
 * `café` in UTF-8. The connection to the worker converts requests and answers.
 */

declare module 'node:fs' {
  /** Opens a folder whose names are read as bytes. The types of Node.js lack this encoding. */
  function opendirSync(path: Buffer, options: { readonly encoding: 'buffer' }): { readSync(): Dirent<Buffer> | null; closeSync(): void };
}

/** Returns a path for the functions of `node:fs`. @throws RangeError if a character is not a byte: it would become another one, such as `/` */
export function toFsPath(path: string): Buffer {
  if (/[^\0-\xff]/.test(path)) throw new RangeError('a path has a character that is not a byte');
  return Buffer.from(path, 'latin1');
}

/** Returns the target of a symbolic link. */
export function readLink(path: Buffer): string {
  return readlinkSync(path, 'latin1');
}

/** Names of a folder that is being read. */
export interface NameReader {
  /** Returns the next name; `undefined` after the last one. */
  next(): string | undefined;
  close(): void;
}

/** Opens a folder to read its names one after the other: it may have more than fit into memory. */
export function openNames(folder: Buffer): NameReader {
  // As a string, a name of a file system that reports no types would be looked up in UTF-8 by Node.js.
  const names = opendirSync(folder, { encoding: 'buffer' });
  return {
    next: () => names.readSync()?.name.toString('latin1'),
    close: () => names.closeSync(),
  };
}
