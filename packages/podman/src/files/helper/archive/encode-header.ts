import type { FileType } from '../../protocol.ts';

/** Largest numbers of seven and of eleven octal digits. */
const maxShortNumber = 0o7777777;
const maxLongNumber = 0o77777777777;
/** Bytes of a name in the header; longer ones are in an extended header. */
const maxNameBytes = 100;

/** Bytes of a block: a header is one block, and a content is padded to whole blocks. */
export const blockBytes = 512;

/** Type of an entry: that of a file, or `link` for another name of an earlier file. */
type EntryType = Exclude<FileType, 'socket'> | 'link';

/** The flags in headers (POSIX, pax interchange format). */
const flags: Readonly<Record<EntryType, string>> = {
  file: '0',
  link: '1',
  symlink: '2',
  character_device: '3',
  block_device: '4',
  directory: '5',
  pipe: '6',
};

/** An entry of an archive; each character of a name is a byte. */
export interface ArchiveEntry {
  readonly name: string;
  readonly type: EntryType;
  /** Bytes of the content. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since 1970. */
  readonly mtimeSeconds: number;
  /** Target of a symbolic link; for a `link`, the earlier name of the file; empty for others. */
  readonly linkName: string;
  readonly device: { readonly major: number; readonly minor: number };
  /** Names of the owner; empty if unknown. */
  readonly owner: string;
  readonly group: string;
}

/** Two empty blocks, with which an archive ends. */
export const endOfArchive = Buffer.alloc(2 * blockBytes);

/** Returns the zeros that pad a content of this length to whole blocks. */
export function paddingAfter(bytes: number): Buffer {
  return Buffer.alloc(paddingBytes(bytes));
}

/** Returns the number of zeros that pad a content of this length to whole blocks. */
export function paddingBytes(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/**
 * Returns the header of an entry, with an extended header before it (pax) if its values need one. tar-stream is not used: it writes no
 * names that are not UTF-8, cuts ids above 2,097,151, and its `pack` keeps headers in memory until they are read.
 */
export function encodeHeader(entry: ArchiveEntry): Buffer {
  const records = extendedRecords(entry);
  const header = encodeBlock(entry, flags[entry.type]);
  if (records === '') return header;
  const body = Buffer.from(records, 'latin1');
  const extension: ArchiveEntry = { ...entry, name: 'PaxHeader', linkName: '', size: body.length, uid: 0, gid: 0, mode: 0o644 };
  return Buffer.concat([encodeBlock(extension, 'x'), body, paddingAfter(body.length), header]);
}

function extendedRecords({ name, linkName, size, uid, gid, mtimeSeconds }: ArchiveEntry): string {
  const isTime = Number.isInteger(mtimeSeconds) && mtimeSeconds >= 0 && mtimeSeconds <= maxLongNumber;
  const wanted: readonly (readonly [string, string | number, boolean])[] = [
    ['path', name, name.length > maxNameBytes],
    ['linkpath', linkName, linkName.length > maxNameBytes],
    ['size', size, size > maxLongNumber],
    ['uid', uid, uid > maxShortNumber],
    ['gid', gid, gid > maxShortNumber],
    ['mtime', mtimeSeconds, !isTime],
  ];
  return wanted.map(([key, value, isNeeded]) => (isNeeded ? encodeRecord(key, String(value)) : '')).join('');
}

/** Returns a record, which begins with its own length in bytes. */
function encodeRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const digits = String(rest.length + String(rest.length).length).length;
  return `${rest.length + digits}${rest}`;
}

function encodeBlock(entry: ArchiveEntry, flag: string): Buffer {
  const block = Buffer.alloc(blockBytes);
  // The extended header has the full names.
  block.write(entry.name, 0, maxNameBytes, 'latin1');
  writeNumber(block, entry.mode, 100, 8);
  writeNumber(block, entry.uid > maxShortNumber ? 0 : entry.uid, 108, 8);
  writeNumber(block, entry.gid > maxShortNumber ? 0 : entry.gid, 116, 8);
  writeNumber(block, entry.size > maxLongNumber ? 0 : entry.size, 124, 12);
  writeNumber(block, Math.min(Math.max(0, Math.floor(entry.mtimeSeconds)), maxLongNumber), 136, 12);
  block.write(flag, 156, 1);
  block.write(entry.linkName, 157, maxNameBytes, 'latin1');
  block.write('ustar\x0000', 257);
  block.write(entry.owner, 265, 31, 'latin1');
  block.write(entry.group, 297, 31, 'latin1');
  writeNumber(block, entry.device.major, 329, 8);
  writeNumber(block, entry.device.minor, 337, 8);
  writeNumber(block, checksumOf(block), 148, 7);
  return block;
}

function writeNumber(block: Buffer, value: number, at: number, bytes: number): void {
  block.write(value.toString(8).padStart(bytes - 1, '0'), at, bytes - 1);
}

/** Returns the sum of all bytes, with those of the checksum itself as spaces. */
export function checksumOf(block: Buffer): number {
  let sum = 8 * 32;
  for (let at = 0; at < blockBytes; at += 1) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum;
}
