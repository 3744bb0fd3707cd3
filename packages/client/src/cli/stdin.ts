import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { systemErrorText } from '../system-error.ts';
import { UsageError } from './failure.ts';

/** All that stands on stdin, once that ends. @throws UsageError if it cannot be read, as a folder */
export async function readStdin(signal: AbortSignal): Promise<Buffer> {
  try {
    return await buffer(addAbortSignal(signal, process.stdin));
  } catch (error) {
    const text = signal.aborted ? undefined : systemErrorText(error);
    throw text === undefined ? error : new UsageError(`stdin can't be read: ${text}.`);
  }
}

/** The same as text, which is all that an exec takes. @throws UsageError for bytes that are no UTF-8 */
export async function stdinText(signal: AbortSignal): Promise<string> {
  const bytes = await readStdin(signal);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError('What stands on stdin is no UTF-8 text: put it into the container with "podman-api cp - NAME:/path".');
  }
}
