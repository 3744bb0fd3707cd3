import { FileError } from '../failure.ts';
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

/** Largest extended header: a path has at most 4096 bytes, but there may be extended attributes. */
const maxExtensionBytes = 4 * 1024 ** 2;

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
 * Docker's clients put names there that are not ASCII. Extended headers of up to 4 MiB are kept in memory.
 * @param source a piece is not used after the next one was read
 * @throws FileError (archive) if it is damaged, incomplete or has a sparse file; what the source throws
 */
export async function* readEntries(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<ReceivedEntry> {
  const reader = new ArchiveReader(source);
  const global = new Map<string, string>();
  let records = new Map<string, string>();
  try {
    for (let block = await reader.readBlock(); block; block = await reader.readBlock()) {
      const header = decodeHeader(block);
      if (header === 'empty') continue;
      if (!header || !(header.size >= 0)) throw damagedError();
      if (extensionFlags.has(header.flag)) {
        readExtension(header.flag, await reader.readExtension(header.size), records, global);
        continue;
      }
      const { entry, contentBytes } = readHeader(header, new Map([...global, ...records]));
      records = new Map();
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

/** Adds the values of an extended header to those of the next entry, or of all. @throws FileError (archive) if it is damaged */
function readExtension(flag: string, body: Buffer, next: Map<string, string>, global: Map<string, string>): void {
  const gnuKey = flag === 'K' ? 'linkpath' : 'path';
  const values = flag === 'x' || flag === 'g' ? decodeRecords(body) : new Map([[gnuKey, readText(body, 0, body.length)]]);
  if (!values) throw damagedError();
  for (const [key, value] of values) (flag === 'g' ? global : next).set(key, value);
}

/** @returns the entry, and the bytes that follow its header, without padding */
function readHeader(header: RawHeader, records: ReadonlyMap<string, string>) {
  const { mode, mtimeSeconds } = header;
  const name = records.get('path') || header.name;
  const linkName = records.get('linkpath') || header.linkName;
  const flagged = types.get(header.flag);
  const type = flagged === 'file' && name.endsWith('/') ? 'directory' : flagged;
  const isSparse = [...records.keys()].some(key => key.startsWith('GNU.sparse.'));
  if (type === undefined || isSparse) throw new FileError('archive', `${name} is of a kind that is not supported, such as a sparse file`);
  if (name === '' || `${name}${linkName}`.includes('\0')) throw new FileError('archive', 'an entry has an invalid name');
  const size = records.has('size') ? Number(records.get('size')) : header.size;
  if (!(size >= 0)) throw damagedError();
  const entry: EntryHeader = {
    name,
    type,
    size: type === 'file' ? size : 0,
    mode: mode & 0o7777,
    uid: readId(records.get('uid'), header.uid),
    gid: readId(records.get('gid'), header.gid),
    mtimeSeconds: Number.isFinite(mtimeSeconds) ? mtimeSeconds : 0,
    linkName,
  };
  // The size of a folder is that of its content, which follows as other entries.
  return { entry, contentBytes: type === 'directory' ? 0 : size };
}

/** @throws FileError (archive) unless it is an id */
function readId(record: string | undefined, field: number): number {
  const id = record === undefined ? field : Number(record);
  if (!Number.isInteger(id) || id < 0 || id > maxId) throw new FileError('archive', 'an entry has an invalid user or group id');
  return id;
}

function damagedError(): FileError {
  return new FileError('archive', 'it is incomplete, or is not a tar archive');
}
