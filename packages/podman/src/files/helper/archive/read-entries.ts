import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { FileError } from '../failure.ts';

/** The header of an entry. */
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
  /** Read it before the next entry. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Largest id; the next one means "no change" (chown(2)). */
const maxId = 2 ** 32 - 2;

/** Kinds of entries by tar-stream's names. */
const types: ReadonlyMap<unknown, EntryHeader['type']> = new Map([
  ['file', 'file'],
  ['contiguous-file', 'file'],
  ['directory', 'directory'],
  ['symlink', 'symlink'],
  ['link', 'link'],
  ['character-device', 'device'],
  ['block-device', 'device'],
  ['fifo', 'pipe'],
]);

/**
 * Reads the entries of an archive as they arrive. tar-stream keeps one piece and extended headers of up to 4 MiB in memory.
 * @throws FileError (archive) if it is damaged, incomplete or has a sparse file; what the source throws
 */
export async function* readEntries(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<ReceivedEntry> {
  const extraction = extract();
  // An error of the source is passed on by the extraction.
  const feeding = pipeline(source, extraction).catch(() => {});
  try {
    for await (const entry of mapErrors(extraction)) {
      yield { entry: readHeader(entry.header), content: readContent(entry) };
      // Skips what was not read.
      entry.resume();
    }
    await feeding;
  } finally {
    extraction.destroy();
  }
}

async function* readContent(entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of mapErrors(entry)) if (piece instanceof Uint8Array) yield piece;
}

/** Passes values on, and turns tar-stream's own errors, which have no code, into errors about the archive. */
async function* mapErrors<Value>(values: AsyncIterable<Value>): AsyncGenerator<Value> {
  try {
    yield* values;
  } catch (error) {
    if (error instanceof FileError || !(error instanceof Error) || 'code' in error) throw error;
    throw new FileError('archive', 'it is incomplete, or is not a tar archive');
  }
}

function readHeader(header: Header): EntryHeader {
  const { name, mode, size, mtime, linkname } = header;
  const pax: Readonly<Record<string, unknown>> = typeof header.pax === 'object' ? { ...header.pax } : {};
  const type = types.get(header.type);
  const isSparse = Object.keys(pax).some(key => key.startsWith('GNU.sparse.'));
  if (type === undefined || isSparse) throw new FileError('archive', `${name} is of a kind that is not supported, such as a sparse file`);
  if (name === '' || `${name}${linkname ?? ''}`.includes('\0')) throw new FileError('archive', 'an entry has an invalid name');
  return {
    name,
    type,
    size: type === 'file' ? (size ?? 0) : 0,
    mode: (mode ?? 0) & 0o7777,
    uid: readId(pax['uid'], header.uid),
    gid: readId(pax['gid'], header.gid),
    mtimeSeconds: Number.isFinite(mtime?.getTime()) ? mtime.getTime() / 1000 : 0,
    linkName: linkname ?? '',
  };
}

/** @throws FileError (archive) unless it is an id */
function readId(record: unknown, field: number | undefined): number {
  const id = record === undefined ? (field ?? 0) : Number(record);
  if (!Number.isInteger(id) || id < 0 || id > maxId) throw new FileError('archive', 'an entry has an invalid user or group id');
  return id;
}
