import { printableLine } from './printable.ts';

/** Interval of redrawing the line with the elapsed seconds. */
const redrawIntervalMs = 250;

/** A status line on a terminal. If the stream is not a terminal, such as a log file, nothing is written. */
export interface Progress {
  /** Shows a text, made printable, and the elapsed seconds. */
  show(text: string): void;
  /** Removes the line. */
  clear(): void;
  /** Removes the line for good, because it could overwrite output that does not end with a newline. */
  stop(): void;
}

/** Creates a status line on a stream. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show() {}, clear() {}, stop() {} };
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const clear = () => {
    if (timer) stream.write('\r\x1b[K');
    clearInterval(timer);
    timer = undefined;
  };
  return {
    show(text) {
      clear();
      if (isStopped) return;
      const line = printableLine(text);
      const shownAt = performance.now();
      const draw = () => {
        const seconds = Math.floor((performance.now() - shownAt) / 1000);
        stream.write(`\r\x1b[K${`${line}…${seconds > 0 ? ` ${seconds} s` : ''}`.slice(0, stream.columns || 80)}`);
      };
      timer = setInterval(draw, redrawIntervalMs).unref();
      draw();
    },
    clear,
    stop() {
      clear();
      isStopped = true;
    },
  };
}
