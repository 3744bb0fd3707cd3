import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '@podman-api/errors';
import { extract } from 'tar-stream';

/** Largest list of the images in an archive; that of an image has some 500 bytes. */
const maxListBytes = 1024 ** 2;
/** Names of images in an archive. */
const maxNames = 1000;
/** Longest name, as in the schema of an image: the time of the policy's check grows with the square of the length. */
const maxNameLength = 512;
/** Annotation of the name of an image in the index of an archive (OCI image specification, annotations). */
const nameAnnotation = 'org.opencontainers.image.ref.name';

/** Parsers of the files in an archive that name its images, by file name. */
const readers: Readonly<Record<string, (content: unknown) => readonly unknown[]>> = {
  // docker save
  'manifest.json': content => listOf(content).flatMap(image => listOf(fieldOf(image, 'RepoTags'))),
  // docker save, before version 1.10
  repositories: content =>
    Object.entries(fieldsOf(content)).flatMap(([name, tags]) => Object.keys(fieldsOf(tags)).map(tag => `${name}:${tag}`)),
  // OCI image layout
  'index.json': content =>
    listOf(fieldOf(content, 'manifests')).map(manifest => fieldOf(fieldOf(manifest, 'annotations'), nameAnnotation) ?? ''),
};

/**
 * Returns the names of the images in an archive, as they are there; those of all lists, because podman reads only one of them.
 * @throws ApiError (400) if it is not an archive of images; the reason of `signal` once that is aborted
 */
export async function readImageNames(path: string, signal: AbortSignal): Promise<readonly string[]> {
  const names = new Set<string>();
  let hasList = false;
  const extraction = extract();
  // Its errors are those of the extraction.
  const feeding = pipeline(createReadStream(path), extraction, { signal }).catch(() => {});
  try {
    for await (const entry of extraction) {
      const name = posix.normalize(`/${entry.header.name}`).slice(1);
      // The stream of such an entry would never end, because tar-stream expects no content of a directory.
      if (entry.header.type === 'directory' && entry.header.size !== 0) throw new Error('it has a directory with content');
      const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
      if (read) {
        hasList = true;
        for (const given of read(JSON.parse(await readList(entry)))) addName(names, given);
      }
      entry.resume();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw notImagesError(error);
  } finally {
    extraction.destroy();
    await feeding;
  }
  if (!hasList) throw notImagesError(undefined);
  return [...names];
}

/** @throws Error if there are too many names, or it is too long */
function addName(names: Set<string>, given: unknown): void {
  if (typeof given !== 'string') return;
  if (given.length > maxNameLength || names.size >= maxNames) throw new Error('it has too many names, or one that is too long');
  names.add(given);
}

async function readList(entry: AsyncIterable<unknown>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of entry) {
    if (!(piece instanceof Uint8Array)) continue;
    bytes += piece.length;
    if (bytes > maxListBytes) throw new Error('the list of images is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** @throws Error for another spelling of the name, which podman also reads (encoding/json of Go compares by Unicode's simple folding) */
function fieldOf(value: unknown, name: string): unknown {
  const fields = fieldsOf(value);
  const other = Object.keys(fields).find(key => key !== name && fold(key) === fold(name));
  if (other !== undefined) throw new Error(`the field ${name} is spelled ${other}`);
  return fields[name];
}

/** The letters s and k have a third form each, which `toLowerCase` keeps. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll('\u017f', 's').replaceAll('\u212a', 'k');
}

function notImagesError(cause: unknown): ApiError {
  const message = 'The body is not an archive of images, and nothing was loaded: send what `docker save` or `GET /images/export` returns.';
  return new ApiError('ValidationError', message, { details: [{ path: 'body', message }] }, { cause });
}
