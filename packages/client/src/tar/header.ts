/** Bytes of a block: a header is one block, and a content is padded to whole blocks. */
export const blockBytes = 512;
/** Largest number of eleven octal digits. */
const maxNumber = 0o77777777777;
/** Bytes of a name in a header; longer ones are in an extended header. */
const maxNameBytes = 100;

/** What an entry is; the devices and pipes of an archive are `other`. */
type EntryType = 'file' | 'link' | 'symlink' | 'directory' | 'other';

/** The flags in headers (POSIX, pax interchange format). */
const flags = { file: '0', link: '1', symlink: '2', directory: '5' } as const;
const types: ReadonlyMap<string, EntryType> = new Map([
  ['\0', 'file'],
  ['0', 'file'],
  ['1', 'link'],
  ['2', 'symlink'],
  ['3', 'other'],
  ['4', 'other'],
  ['5', 'directory'],
  ['6', 'other'],
]);
/** The flag of an extended header, with values for the entry that follows. */
const extendedFlag = 'x';

/** An entry of a tar archive. Each character of a name is a byte, see byte-paths.ts. */
export interface TarEntry {
  readonly name: string;
  readonly type: EntryType;
  /** Bytes of the content. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Whole seconds since 1970. */
  readonly mtimeSeconds: number;
  /** Target of a symbolic link, or the name of the entry that a `link` is another name of; empty for others. */
  readonly linkName: string;
}

/** Two empty blocks, with which an archive ends. */
export const endOfArchive = new Uint8Array(2 * blockBytes);

/** Returns the number of zeros that follow a content of this size. */
export function paddingAfter(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/** Returns the header of an entry whose owner is root, with an extended header (pax) before it if a value is too long. */
export function encodeHeader(entry: TarEntry & { readonly type: keyof typeof flags }): Uint8Array {
  const { name, linkName, size, mode, mtimeSeconds, type } = entry;
  const block = (fields: Pick<TarEntry, 'name' | 'linkName' | 'size'>, flag: string) =>
    encodeBlock({ ...fields, mode, mtimeSeconds: Math.min(Math.max(0, Math.floor(mtimeSeconds)), maxNumber) }, flag);
  const header = block({ name, linkName, size: Math.min(size, maxNumber) }, flags[type]);
  const records = [
    name.length > maxNameBytes ? encodeRecord('path', name) : '',
    linkName.length > maxNameBytes ? encodeRecord('linkpath', linkName) : '',
    size > maxNumber ? encodeRecord('size', String(size)) : '',
  ].join('');
  if (records === '') return header;
  const body = Buffer.from(records, 'latin1');
  const extended = block({ name: 'PaxHeader', linkName: '', size: body.length }, extendedFlag);
  return Buffer.concat([extended, body, new Uint8Array(paddingAfter(body.length)), header]);
}

/** Returns a record, which begins with its own length in bytes. */
function encodeRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const digits = String(rest.length + String(rest.length).length).length;
  return `${rest.length + digits}${rest}`;
}

function encodeBlock({ name, linkName, size, mode, mtimeSeconds }: Omit<TarEntry, 'type'>, flag: string): Buffer {
  const block = Buffer.alloc(blockBytes);
  // Names that are cut here are whole in the extended header.
  block.write(name, 0, maxNameBytes, 'latin1');
  writeNumber(block, mode, 100, 8);
  writeNumber(block, 0, 108, 8);
  writeNumber(block, 0, 116, 8);
  writeNumber(block, size, 124, 12);
  writeNumber(block, mtimeSeconds, 136, 12);
  block.write(flag, 156, 1);
  block.write(linkName, 157, maxNameBytes, 'latin1');
  block.write('ustar\x0000', 257);
  writeNumber(block, checksumOf(block), 148, 7);
  return block;
}

function writeNumber(block: Buffer, value: number, at: number, bytes: number): void {
  block.write(value.toString(8).padStart(bytes - 1, '0'), at, bytes - 1);
}

/** Returns the sum of all bytes, with those of the checksum itself as spaces. */
function checksumOf(block: Uint8Array): number {
  let sum = 8 * 32;
  for (let at = 0; at < blockBytes; at += 1) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum;
}

/** A header that was read: an entry, or the extended header of the next one. */
export type ReadHeader =
  | { readonly kind: 'entry'; readonly entry: TarEntry }
  | { readonly kind: 'extended'; readonly size: number }
  | { readonly kind: 'end' };

/** Reads a block as a header. @returns `undefined` if it is not a header */
export function decodeHeader(bytes: Uint8Array): ReadHeader | undefined {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (block.every(byte => byte === 0)) return { kind: 'end' };
  const number = (at: number, length: number) => {
    const digits = textAt(block, at, length).trim();
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
  };
  const [mode, size, mtimeSeconds] = [number(100, 8), number(124, 12), number(136, 12)];
  if (number(148, 8) !== checksumOf(block) || mode === undefined || size === undefined || mtimeSeconds === undefined) return undefined;
  const flag = block.toString('latin1', 156, 157);
  if (flag === extendedFlag) return { kind: 'extended', size };
  const type = types.get(flag);
  if (type === undefined) return undefined;
  const prefix = textAt(block, 345, 155);
  const name = textAt(block, 0, 100);
  return {
    kind: 'entry',
    entry: {
      name: prefix === '' ? name : `${prefix}/${name}`,
      type,
      size: type === 'file' ? size : 0,
      mode: mode & 0o7777,
      mtimeSeconds,
      linkName: textAt(block, 157, 100),
    },
  };
}

function textAt(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('latin1', at, end === -1 || end > at + length ? at + length : end);
}

/** Returns an entry with the values of its extended header. @returns `undefined` if that is damaged */
export function extendEntry(entry: TarEntry, extension: Uint8Array): TarEntry | undefined {
  const values = readRecords(Buffer.from(extension));
  if (!values) return undefined;
  const size = values.has('size') ? Number(values.get('size')) : entry.size;
  const mtimeSeconds = values.has('mtime') ? Math.floor(Number(values.get('mtime'))) : entry.mtimeSeconds;
  if (!Number.isSafeInteger(size) || size < 0 || !Number.isSafeInteger(mtimeSeconds)) return undefined;
  return {
    ...entry,
    name: values.get('path') ?? entry.name,
    linkName: values.get('linkpath') ?? entry.linkName,
    size: entry.type === 'file' ? size : 0,
    mtimeSeconds,
  };
}

function readRecords(body: Buffer): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(' ', at);
    const length = Number(body.toString('latin1', at, space));
    const [, key, value] = /^([^=]+)=([\s\S]*)\n$/.exec(body.toString('latin1', space + 1, at + length)) ?? [];
    if (space === -1 || !Number.isInteger(length) || length <= 0 || key === undefined || value === undefined) return undefined;
    values.set(key, value);
    at += length;
  }
  return values;
}
