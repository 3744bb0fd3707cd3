import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describeSystemError } from '../system-error.ts';
import { UsageError } from './errors.ts';

/** Reads stdin until it is closed. @throws UsageError if it cannot be read, such as a directory */
export async function readStdin(signal: AbortSignal): Promise<Buffer> {
  try {
    return await buffer(addAbortSignal(signal, process.stdin));
  } catch (error) {
    const reason = signal.aborted ? undefined : describeSystemError(error);
    throw reason === undefined ? error : new UsageError(`stdin cannot be read: ${reason}.`);
  }
}

/** Reads stdin as text, because the API accepts no other input for an exec. @throws UsageError for bytes that are not UTF-8 */
export async function readStdinText(signal: AbortSignal): Promise<string> {
  const bytes = await readStdin(signal);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError('The bytes on stdin are not UTF-8 text: copy them into the container with "podman-api cp - NAME:/path".');
  }
}
