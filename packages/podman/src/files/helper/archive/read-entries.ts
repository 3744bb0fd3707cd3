import { FileError, shortenName } from '../failure.ts';
import { decodeHeader, decodeRecords, type RawHeader, readText } from './decode-header.ts';
import { blockBytes, paddingBytes } from './encode-header.ts';

/** The header of an entry. Each character of a name is a byte. */
export interface EntryHeader {
  /** Name as it is in the archive: it may be absolute or contain `..`. */
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'link' | 'device' | 'pipe';
  /** Bytes of the content. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtimeSeconds: number;
  /** Target of a symbolic or hard link; empty for others. */
  readonly linkName: string;
}

/** An entry whose content is being received. */
export interface ReceivedEntry {
  readonly entry: EntryHeader;
  /** Read all of it before the next entry, or nothing. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Largest id; the next one means "no change" (chown(2)). */
const maxId = 2 ** 32 - 2;

/** Largest extended header, which may have extended attributes; Go's archive/tar, with which Docker reads archives, has the same limit. */
const maxExtensionBytes = 1024 ** 2;

/** Values of extended headers that are used, by their names in pax. */
const extensionKeys = ['path', 'linkpath', 'size', 'uid', 'gid'] as const;

/** Extended headers of an entry, or of all: an empty value does not count. */
type Extensions = Partial<Record<(typeof extensionKeys)[number], string>> & { isSparse?: boolean };

/** Kinds of entries by their flags; a file may be contiguous (`7`). */
const types: ReadonlyMap<string, EntryHeader['type']> = new Map([
  ['\0', 'file'],
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'link'],
  ['2', 'symlink'],
  ['3', 'device'],
  ['4', 'device'],
  ['5', 'directory'],
  ['6', 'pipe'],
]);

/** Flags of headers that extend the next entry: pax, pax for all entries, and GNU's long names and link targets. */
const extensionFlags: ReadonlySet<string> = new Set(['x', 'g', 'L', 'N', 'K']);

/**
 * Reads the entries of an archive as they arrive: ustar, pax, and GNU's format. Names are read as bytes, also those in extended headers:
 * Docker's clients put names there that are not ASCII. At most one extended header, of up to 1 MiB, is in memory.
 * @param source a piece is not used after the next one was read
 * @throws FileError (archive) if it is damaged, incomplete or has a sparse file; what the source throws
 */
export async function* readEntries(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<ReceivedEntry> {
  const reader = new ArchiveReader(source);
  let global: Extensions = {};
  let extensions: Extensions = {};
  try {
    for (let block = await reader.readBlock(); block; block = await reader.readBlock()) {
      const header = decodeHeader(block);
      if (header === 'empty') continue;
      if (!header || !isSize(header.size)) throw damagedError();
      if (extensionFlags.has(header.flag)) {
        const read = readExtensions(header.flag, await reader.readExtension(header.size));
        if (header.flag === 'g') global = { ...global, ...read };
        else extensions = { ...extensions, ...read };
        continue;
      }
      const { entry, contentBytes } = readHeader(header, { ...global, ...extensions });
      extensions = {};
      const content = reader.readPieces(contentBytes);
      yield { entry, content };
      // Skips what was not read.
      for await (const _ of content);
      await reader.skip(paddingBytes(contentBytes));
    }
  } finally {
    await reader.close();
  }
}

/** Reads the bytes of an archive. */
class ArchiveReader {
  readonly #pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** @returns `undefined` if the archive has ended */
  async readBlock(): Promise<Buffer | undefined> {
    return (await this.#readMore()) ? this.#readExactly(blockBytes) : undefined;
  }

  async readExtension(bytes: number): Promise<Buffer> {
    if (bytes > maxExtensionBytes) throw damagedError();
    const extension = await this.#readExactly(bytes);
    await this.skip(paddingBytes(bytes));
    return extension;
  }

  async *readPieces(bytes: number): AsyncGenerator<Uint8Array> {
    for (let remaining = bytes; remaining > 0; ) {
      if (!(await this.#readMore())) throw damagedError();
      const piece = this.#rest.subarray(0, remaining);
      this.#rest = this.#rest.subarray(piece.length);
      remaining -= piece.length;
      yield piece;
    }
  }

  async skip(bytes: number): Promise<void> {
    for await (const _ of this.readPieces(bytes));
  }

  /** Closes the source, which need not have ended. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #readExactly(bytes: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(bytes);
    let at = 0;
    for await (const piece of this.readPieces(bytes)) {
      buffer.set(piece, at);
      at += piece.length;
    }
    return buffer;
  }

  /** Reads the next piece if nothing is left of the last one. @returns false if the source has ended */
  async #readMore(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      this.#rest = value;
    }
    return true;
  }
}

/** Returns the values of an extended header that are used. @throws FileError (archive) if it is damaged */
function readExtensions(flag: string, body: Buffer): Extensions {
  if (flag === 'K') return { linkpath: readText(body, 0, body.length) };
  if (flag === 'L' || flag === 'N') return { path: readText(body, 0, body.length) };
  const records = decodeRecords(body);
  if (!records) throw damagedError();
  const extensions: Extensions = {};
  for (const key of extensionKeys) {
    const value = records.get(key);
    if (value !== undefined) extensions[key] = value;
  }
  for (const key of records.keys()) if (key.startsWith('GNU.sparse.')) extensions.isSparse = true;
  return extensions;
}

/** @returns the entry, and the bytes that follow its header, without padding */
function readHeader(header: RawHeader, { path, linkpath, size: sizeText, uid, gid, isSparse }: Extensions) {
  const { mode, mtimeSeconds } = header;
  const name = path || header.name;
  const linkName = linkpath || header.linkName;
  const flagged = types.get(header.flag);
  const type = flagged === 'file' && name.endsWith('/') ? 'directory' : flagged;
  if (type === undefined || isSparse)
    throw new FileError('archive', `${shortenName(name)} is of a kind that is not supported, such as a sparse file`);
  if (name === '' || `${name}${linkName}`.includes('\0')) throw new FileError('archive', 'an entry has an invalid name');
  const size = sizeText ? parseDecimal(sizeText) : header.size;
  if (!isSize(size)) throw damagedError();
  const entry: EntryHeader = {
    name,
    type,
    size: type === 'file' ? size : 0,
    mode: mode & 0o7777,
    uid: toId(uid ? parseDecimal(uid) : header.uid),
    gid: toId(gid ? parseDecimal(gid) : header.gid),
    mtimeSeconds: Number.isFinite(mtimeSeconds) ? mtimeSeconds : 0,
    linkName,
  };
  // The size of a folder is that of its content, which follows as other entries.
  return { entry, contentBytes: type === 'directory' ? 0 : size };
}

/** Returns NaN if the text has other characters than digits. */
function parseDecimal(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Whether a number can be that of the bytes of an entry: a fraction would never be read to its end. */
function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

/** @throws FileError (archive) unless it is an id */
function toId(id: number): number {
  if (!Number.isInteger(id) || id < 0 || id > maxId) throw new FileError('archive', 'an entry has an invalid user or group id');
  return id;
}

function damagedError(): FileError {
  return new FileError('archive', 'it is incomplete, or is not a tar archive');
}
