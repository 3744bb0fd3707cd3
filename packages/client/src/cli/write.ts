import { printable, printableLine } from './printable.ts';

/** Streams that `podman-api` writes to. */
export type StreamName = 'stdout' | 'stderr';

/**
 * Writes text of `podman-api`, which may quote what others chose. All such text goes through here, except the status line,
 * which makes its text printable itself.
 * @returns `false` if the caller should wait for `drain`
 */
export function writeText(stream: StreamName, text: string): boolean {
  return process[stream].write(printable(text));
}

/** Writes output of a container's command or log as it is. @returns `false` if the caller should wait for `drain` */
export function writeOutput(stream: StreamName, text: string): boolean {
  return process[stream].write(text);
}

/** Writes a message to stderr: one line, whatever is in it. */
export function writeMessage(line: string): void {
  writeText('stderr', `podman-api: ${printableLine(line)}\n`);
}
