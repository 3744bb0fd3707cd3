import { element } from '../shared/table.js';
import { FitAddon } from './addon-fit.js';
import { Terminal } from './xterm.js';

const screenElement = element('#screen', HTMLElement);
const darkColors = matchMedia('(prefers-color-scheme: dark)');

/** WCAG 2.2, 1.4.3: xterm.js adjusts the colors of a program that have less contrast. */
const minimumContrastRatio = 4.5;

const terminal = new Terminal({ minimumContrastRatio, cursorBlink: false, scrollback: 5000, fontSize: 14, disableStdin: true });
const fit = new FitAddon();
terminal.loadAddon(fit);

/** Uses the colors of the page. */
function applyColors() {
  const styles = getComputedStyle(document.documentElement);
  const colorOf = (/** @type {string} */ name) => styles.getPropertyValue(name).trim();
  terminal.options.theme = {
    background: colorOf('--back'),
    foreground: colorOf('--text'),
    cursor: colorOf('--text'),
    cursorAccent: colorOf('--back'),
    selectionBackground: colorOf('--line'),
  };
}

/** The terminal on the page. */
export const screen = {
  /** Shows the terminal, empty and in the size of its element. */
  open() {
    screenElement.hidden = false;
    if (!terminal.element) {
      applyColors();
      darkColors.addEventListener('change', applyColors);
      terminal.open(screenElement);
      new ResizeObserver(() => fit.fit()).observe(screenElement);
    }
    terminal.reset();
    fit.fit();
    terminal.focus();
  },
  /** Removes all output when the token changes. */
  clear() {
    terminal.reset();
    screenElement.hidden = true;
  },
  get size() {
    return { cols: terminal.cols, rows: terminal.rows };
  },
  /** @param {Uint8Array} bytes @param {() => void} onShown */
  write: (bytes, onShown) => terminal.write(bytes, onShown),
  /** @param {boolean} isAccepted whether keys are passed on */
  acceptInput(isAccepted) {
    terminal.options.disableStdin = !isAccepted;
  },
  /** @param {boolean} isSupported */
  supportScreenReaders(isSupported) {
    terminal.options.screenReaderMode = isSupported;
  },
  /** @param {(text: string) => void} onInput @param {(size: import('./types.d.ts').TerminalSize) => void} onResize @param {() => void} onLeave */
  listen(onInput, onResize, onLeave) {
    terminal.onData(onInput);
    // Its events have further fields, which the service does not accept.
    terminal.onResize(({ cols, rows }) => onResize({ cols, rows }));
    // Tab belongs to the command, so another key leaves the terminal (WCAG 2.2, 2.1.2).
    terminal.attachCustomKeyEventHandler(event => {
      if (event.key !== 'Escape' || !event.shiftKey) return true;
      if (event.type === 'keydown') onLeave();
      return false;
    });
  },
};
