import type { CommandContext } from '../../context.ts';
import { ExitError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { formatBar, formatSize } from '../../format-size.ts';
import type { Progress } from '../../progress.ts';

/** Interval between two changes of the line. */
const redrawIntervalMs = 100;

/**
 * Creates the status line of a transfer.
 * @param text source and target of the copy
 * @param totalBytes `undefined` if the length is unknown; there is no bar then
 */
export function createTransferProgress(progress: Progress, text: string, totalBytes: number | undefined) {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  return {
    /** Shows how many bytes were copied. */
    show(bytes: number): void {
      const now = performance.now();
      if (now - shownAtMs < redrawIntervalMs) return;
      shownAtMs = now;
      progress.showLines([`${text} ${totalBytes === undefined ? formatSize(bytes) : formatBar(bytes, totalBytes)}`]);
    },
  };
}

/**
 * Writes a stream of bytes, whose length is unknown, to stdout.
 * @param name name of the stream, for the message
 * @throws ExitError if the stream was cut off
 */
export async function writeStdout(
  stream: ReadableStream<Uint8Array>,
  name: string,
  { signal, writeOutput }: CommandContext,
): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      signal.throwIfAborted();
      throw new ExitError(exitCodes.unreachable.code, `The connection was closed before all of ${name} had arrived: copy it again.`);
    });
    if (done) return;
    await writeOutput('stdout', value);
  }
}
