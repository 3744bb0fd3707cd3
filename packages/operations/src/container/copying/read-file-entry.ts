import { buffer } from 'node:stream/consumers';
import type { Podman } from '@podman-api/podman';
import { extract, type Header } from 'tar-stream';

/** File that `podman cp` finds at a path; symbolic links are followed. */
export type FileEntry =
  | { readonly kind: 'missing' }
  | { readonly kind: 'special' }
  | {
      readonly kind: 'file' | 'directory';
      /** The last part of the path after symbolic links were followed. */
      readonly name: string;
      /** Permission bits, with setuid, setgid and sticky. */
      readonly mode: number;
      readonly sizeBytes: number;
      /** Empty if the file is larger than it may be. */
      readonly content: Buffer;
    };

/** Room for the headers of an archive in addition to the content. */
const maxHeaderBytes = 16 * 1024;

/**
 * Reads the file at a path of a container by `podman cp`, which needs no shell. Memory is bounded: the container decides
 * how large its files are.
 * @param maxBytes of the content
 * @throws ApiError with podman's error
 */
export async function readFileEntry(
  podman: Podman,
  container: string,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<FileEntry> {
  try {
    const archive = await podman.read(['cp', '--', `${container}:${path}`, '-'], maxHeaderBytes + maxBytes, { signal });
    return await firstEntry(archive, maxBytes);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    // Podman leaves devices and sockets out of the archive.
    if (message.includes('copied no items')) return { kind: 'special' };
    if (message.includes('could not be found on container')) return { kind: 'missing' };
    throw error;
  }
}

async function firstEntry(bytes: Buffer, maxBytes: number): Promise<FileEntry> {
  const archive = extract();
  const entry = await new Promise<FileEntry>((resolve, reject) => {
    archive.on('error', reject);
    archive.on('finish', () => resolve({ kind: 'missing' }));
    archive.on('entry', (header, stream, next) => {
      // The stream of a directory would never end if its header had a size.
      if (header.type === 'directory' || (header.size ?? 0) > maxBytes) return resolve(entryOf(header, Buffer.alloc(0)));
      buffer(stream).then(content => {
        resolve(entryOf(header, content));
        next();
      }, reject);
    });
    archive.end(bytes);
  });
  archive.destroy();
  return entry;
}

function entryOf({ type, name, mode = 0, size = 0 }: Header, content: Buffer): FileEntry {
  if (type !== 'file' && type !== 'directory') return { kind: 'special' };
  return { kind: type, name: name.replace(/\/+$/, ''), mode: mode & 0o7777, sizeBytes: size, content };
}
