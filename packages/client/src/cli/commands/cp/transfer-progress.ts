import { formatBar, formatSize } from '../../format-size.ts';
import type { Progress } from '../../progress.ts';

/** Interval between two changes of the line. */
const redrawIntervalMs = 100;

/**
 * Creates the status line of a transfer.
 * @param text what is copied where
 * @param totalBytes `undefined` if the length is unknown; there is no bar then
 */
export function createTransferProgress(progress: Progress, text: string, totalBytes: number | undefined) {
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    /** Shows how many bytes were copied. */
    show(bytes: number): void {
      const now = performance.now();
      if (now - shownAt < redrawIntervalMs) return;
      shownAt = now;
      progress.showLines([`${text} ${totalBytes === undefined ? formatSize(bytes) : formatBar(bytes, totalBytes)}`]);
    },
  };
}
