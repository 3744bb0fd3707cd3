import { printable, printableLine } from './printable.ts';

/** Streams that `podman-api` writes to. */
export type StreamName = 'stdout' | 'stderr';

/**
 * Writes text of `podman-api`, made printable because it may quote text of containers and other callers. All such text is
 * written here, except the status line of `createProgress`.
 * @returns `false` if the caller should wait for `drain`
 */
export function writeText(stream: StreamName, text: string): boolean {
  return process[stream].write(printable(text));
}

/** Writes output of a container's command, a log or a file unchanged. @returns `false` if the caller should wait for `drain` */
export function writeOutput(stream: StreamName, output: string | Uint8Array): boolean {
  return process[stream].write(output);
}

/** Writes a message to stderr as one line, with control characters and newlines escaped. */
export function writeMessage(line: string): void {
  writeText('stderr', `podman-api: ${printableLine(line)}\n`);
}
