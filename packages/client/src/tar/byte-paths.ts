import { readdir } from 'node:fs/promises';

/*
 * File names are bytes, which need not be UTF-8. So in archives, and in the paths of what is packed or unpacked, each character is a byte
 * (latin1), such as `cafÃ©` for `café` in UTF-8. These functions convert them.
 */

/** Returns the bytes of a text, one character each. */
export function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Returns a text of bytes, for messages and patterns; U+FFFD stands for what is not UTF-8. */
export function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

/** Returns a path for the functions of `node:fs`. */
export function toFsPath(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** An entry of a directory. */
export interface DirectoryEntry {
  /** Each character is a byte. */
  readonly name: string;
  /** `other` for sockets, pipes and devices. */
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
}

/** Lists a directory, sorted by name. @param path each character is a byte @throws errors of the operating system */
export async function listDirectory(path: string): Promise<readonly DirectoryEntry[]> {
  const entries = await readdir(toFsPath(path), { withFileTypes: true, encoding: 'buffer' });
  return entries
    .sort((one, other) => Buffer.compare(one.name, other.name))
    .map(entry => ({
      name: entry.name.toString('latin1'),
      type: entry.isDirectory() ? 'directory' : entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'symlink' : 'other',
    }));
}
