import { printableLine } from './printable.ts';

/** How often the line is written anew, in ms. */
const every = 250;

/** What a person on a terminal sees while there is nothing else to see; in a log it is nothing at all. */
export interface Progress {
  /** Shows a text, made printable, and for how long it has been shown. */
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
  /** Takes it away for good: what is written from now on may end within a line, which is not to be overwritten. */
  end(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show() {}, clear() {}, end() {} };
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const clear = () => {
    if (timer) stream.write('\r\x1b[K');
    clearInterval(timer);
    timer = undefined;
  };
  return {
    show(text) {
      clear();
      if (ended) return;
      const shown = printableLine(text);
      const started = performance.now();
      const write = () => {
        const seconds = Math.floor((performance.now() - started) / 1000);
        stream.write(`\r\x1b[K${`${shown}…${seconds > 0 ? ` ${seconds} s` : ''}`.slice(0, stream.columns || 80)}`);
      };
      timer = setInterval(write, every).unref();
      write();
    },
    clear,
    end() {
      clear();
      ended = true;
    },
  };
}
