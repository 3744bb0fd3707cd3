import { blockBytes, decodeHeader, extendEntry, paddingAfter, type TarEntry } from './header.ts';

/** Largest extended header. */
const maxExtensionBytes = 1024 ** 2;

/** A tar archive is incomplete or damaged. */
export class ArchiveError extends Error {}

/** An entry whose content is being received. */
export interface ReceivedTarEntry {
  readonly entry: TarEntry;
  /** Must be read before the next entry is requested; the rest is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Reads the entries of a tar archive as they arrive, with long names in extended headers (pax).
 * @throws ArchiveError, or what the source throws
 */
export async function* readEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedTarEntry> {
  const reader = createReader(source);
  let extension: Uint8Array | undefined;
  for (;;) {
    const header = decodeHeader(await reader.readExactly(blockBytes));
    if (!header) throw new ArchiveError('it has a header that is damaged, or of a kind that is not supported');
    if (header.kind === 'end') break;
    if (header.kind === 'extended') {
      if (header.size > maxExtensionBytes) throw new ArchiveError('it has an extended header that is too long');
      extension = await reader.readExactly(header.size);
      await reader.readExactly(paddingAfter(header.size));
      continue;
    }
    const entry = extension ? extendEntry(header.entry, extension) : header.entry;
    if (!entry) throw new ArchiveError('it has an extended header that is damaged');
    extension = undefined;
    const content = reader.readPieces(entry.size);
    yield { entry, content };
    for await (const _ of content);
    await reader.readExactly(paddingAfter(entry.size));
  }
  // A source that was cut off throws only when it is read to its end.
  await reader.skipRest();
}

function createReader(source: AsyncIterable<Uint8Array>) {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  /** Returns at most this many bytes of the piece that has arrived, or of the next one. */
  async function readSome(maxBytes: number): Promise<Uint8Array> {
    while (rest.length === 0) {
      const { done, value } = await pieces.next();
      if (done) throw new ArchiveError('it ends too early');
      rest = value;
    }
    const piece = rest.subarray(0, maxBytes);
    rest = rest.subarray(maxBytes);
    return piece;
  }
  async function* readPieces(bytes: number): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0; ) {
      const piece = await readSome(left);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    readPieces,
    readExactly: async (bytes: number): Promise<Uint8Array> => Buffer.concat(await Array.fromAsync(readPieces(bytes))),
    async skipRest(): Promise<void> {
      while (!(await pieces.next()).done);
    },
  };
}
