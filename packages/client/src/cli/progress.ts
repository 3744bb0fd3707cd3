import { printableLine } from './printable.ts';

/** Interval of redrawing the line with the elapsed seconds. */
const redrawIntervalMs = 250;
/** Size of a terminal that does not report its own. */
const defaultColumns = 80;
const defaultRows = 24;

/** Status lines on a terminal. If the stream is not a terminal, such as a log file, nothing is written. */
export interface Progress {
  /** Whether the stream is a terminal. */
  readonly isVisible: boolean;
  /** Shows a string, made printable, and the elapsed seconds. */
  show(text: string): void;
  /** Shows lines, made printable, in place of those before. Lines that do not fit are cut, and the first ones left out. */
  showLines(lines: readonly string[]): void;
  /** Removes the lines. */
  clear(): void;
  /** Removes the lines permanently, because they could overwrite output that does not end with a newline. */
  stop(): void;
}

type StatusStream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows' | 'write'>;

/** Creates status lines on a stream. */
export function createProgress(stream: StatusStream): Progress {
  if (!stream.isTTY) return { isVisible: false, show() {}, showLines() {}, clear() {}, stop() {} };
  let timer: NodeJS.Timeout | undefined;
  let shownLines = 0;
  let isStopped = false;
  /** Moves the cursor to the first shown line and erases from there on. */
  const erase = () => (shownLines > 1 ? `\x1b[${shownLines - 1}A\r\x1b[J` : '\r\x1b[J');
  const draw = (lines: readonly string[]) => {
    const columns = (stream.columns || defaultColumns) - 1;
    const shown = lines.slice(-((stream.rows || defaultRows) - 1)).map(line => printableLine(line).slice(0, columns));
    stream.write(`${shownLines > 0 ? erase() : ''}${shown.join('\n')}`);
    shownLines = shown.length;
  };
  const clear = () => {
    clearInterval(timer);
    timer = undefined;
    if (shownLines > 0) stream.write(erase());
    shownLines = 0;
  };
  return {
    isVisible: true,
    show(text) {
      clear();
      if (isStopped) return;
      const shownAtMs = performance.now();
      const drawElapsed = () => {
        const seconds = Math.floor((performance.now() - shownAtMs) / 1000);
        draw([`${text}…${seconds > 0 ? ` ${seconds} s` : ''}`]);
      };
      timer = setInterval(drawElapsed, redrawIntervalMs).unref();
      drawElapsed();
    },
    showLines(lines) {
      clearInterval(timer);
      if (!isStopped && lines.length > 0) draw(lines);
    },
    clear,
    stop() {
      clear();
      isStopped = true;
    },
  };
}
