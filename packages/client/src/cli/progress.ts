import { printableLine } from './printable.ts';

/** Interval at which the line is written again, with the seconds that have passed. */
const redrawIntervalMs = 250;

/** A status line on a terminal. If the stream is not a terminal, such as a log file, nothing is written. */
export interface Progress {
  /** Shows a text, made printable, and for how many seconds it has been shown. */
  show(text: string): void;
  /** Removes the line. */
  clear(): void;
  /** Removes the line and shows no other: output may now end within a line, which must not be overwritten. */
  end(): void;
}

/** Creates a status line on a stream. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show() {}, clear() {}, end() {} };
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const clear = () => {
    if (timer) stream.write('\r\x1b[K');
    clearInterval(timer);
    timer = undefined;
  };
  return {
    show(text) {
      clear();
      if (hasEnded) return;
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
    end() {
      clear();
      hasEnded = true;
    },
  };
}
