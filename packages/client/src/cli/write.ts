import type { Writable } from 'node:stream';
import { printable, printableLine } from './printable.ts';

/** Streams that `podman-api` writes to. */
export type StreamName = 'stdout' | 'stderr';

/** The streams by their names, such as those of the process. */
export type OutputStreams = Readonly<Record<StreamName, Writable>>;

/**
 * Writes text of `podman-api`, made printable because it may quote text of containers and other callers. All such text is
 * written here, except the status line of `createProgress`.
 * @returns `false` if the caller should wait for `drain`
 */
export function writeText(stream: Writable, text: string): boolean {
  return stream.write(printable(text));
}

/** Writes output of a container's command, a log or a file unchanged. @returns `false` if the caller should wait for `drain` */
export function writeOutput(stream: Writable, output: string | Uint8Array): boolean {
  return stream.write(output);
}

/** Writes a message as one line, with control characters and newlines escaped. */
export function writeMessage(stderr: Writable, line: string): void {
  writeText(stderr, `podman-api: ${printableLine(line)}\n`);
}
