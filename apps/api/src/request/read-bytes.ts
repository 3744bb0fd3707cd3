import type { IncomingMessage } from 'node:http';
import { ApiError } from '@podman-api/errors';

/** Bytes of unfinished bodies that a process holds at once, all callers together. */
const room = 128 * 1024 ** 2;
let held = 0;
/** In bytes. */
const small = 64 * 1024;

/**
 * Reads a request's body to its end.
 * @param limit in bytes
 * @throws ApiError (413) where it is larger, (503) where there is no room for it now, and an Error where it breaks off
 */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // What is thrown away after a failure is read from the same stream.
  const body: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  const declared = Number(request.headers['content-length'] ?? 0);
  try {
    if (declared > limit) throw tooLarge(limit);
    for await (const chunk of body) {
      size += chunk.length;
      held += chunk.length;
      if (size > limit) throw tooLarge(limit);
      // One body always has room, however large MAX_BODY is, and so have small ones, whoever fills the rest.
      if (held > room && held > size && size > small) throw noRoom();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof ApiError) discard(request);
    throw error;
  } finally {
    held -= size;
  }
}

function tooLarge(limit: number): ApiError {
  return new ApiError('PayloadTooLargeError', `The body is larger than ${limit} bytes, which MAX_BODY allows.`);
}

function noRoom(): ApiError {
  return new ApiError('ServiceUnavailableError', 'Too many large bodies are on their way at once; send the request again later.');
}

/** How long the rest of a body that is not wanted is read, in ms. */
const patience = 10_000;

/**
 * Reads on to the body's end, for a while. Many clients read no answer before they have sent all, and a connection that
 * is closed under them takes the answer with it (RFC 9112, section 9.6).
 */
function discard(request: IncomingMessage): void {
  const impatient = setTimeout(() => request.destroy(), patience);
  request.once('close', () => clearTimeout(impatient)).resume();
}
