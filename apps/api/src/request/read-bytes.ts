import type { IncomingMessage } from 'node:http';
import { ApiError } from '@podman-api/errors';

/** Bytes of unfinished bodies that a process holds at once, all callers together. */
const maxHeldBytes = 128 * 1024 ** 2;
let heldBytes = 0;
/** Smaller bodies are always accepted. */
const smallBodyBytes = 64 * 1024;

/**
 * Reads a request's body to its end.
 * @throws ApiError (413) if it is larger, (503) if all bodies together are too large now; Error if the connection ends
 */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // After an error the rest is read from the same stream.
  const body: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  const declared = Number(request.headers['content-length'] ?? 0);
  try {
    if (declared > maxBytes) throw tooLarge(maxBytes);
    for await (const chunk of body) {
      size += chunk.length;
      heldBytes += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      // A single body is always accepted, however large MAX_BODY is, and so are small ones.
      if (heldBytes > maxHeldBytes && heldBytes > size && size > smallBodyBytes) throw tooManyBodies();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof ApiError) discardBody(request);
    throw error;
  } finally {
    heldBytes -= size;
  }
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError('PayloadTooLargeError', `The body is larger than the limit of ${maxBytes} bytes (MAX_BODY): send a smaller body.`);
}

function tooManyBodies(): ApiError {
  return new ApiError('ServiceUnavailableError', 'Too many large bodies are being received: send the request again later.');
}

/** Longest time for which the rest of a refused body is read. */
const discardTimeoutMs = 10_000;

/**
 * Reads and drops the rest of a body. Many clients read the response only after they have sent everything, and lose it if
 * the connection is closed before (RFC 9112, section 9.6).
 */
export function discardBody(request: IncomingMessage): void {
  if (request.closed) return;
  const timeout = setTimeout(() => request.destroy(), discardTimeoutMs);
  request.once('close', () => clearTimeout(timeout));
  // An iterator or a pipe that was left in the middle keeps the stream from flowing.
  request.unpipe().removeAllListeners('readable').resume();
}
