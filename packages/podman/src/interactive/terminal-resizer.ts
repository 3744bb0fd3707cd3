import type { ExecFolder, TerminalSize } from './exec-folder.ts';

/**
 * Time after which the last size of a terminal is sent again: conmon applies only the first of the sizes that it reads at once (seen with
 * 2.1.6). On a busy host it reads late.
 */
const repeatDelayMs = 1000;

/** Sets the sizes of terminals, so that the last size of each applies in the end. */
export class TerminalResizer {
  /** Timers that send the last size again, by the path of the exec's folder. */
  readonly #repeatTimers = new Map<string, NodeJS.Timeout>();

  /** Sets the size of a terminal. @returns whether conmon got the size, see `ExecFolder.resize` */
  async resize(folder: Pick<ExecFolder, 'path' | 'resize'>, size: TerminalSize): Promise<boolean> {
    const isSent = await folder.resize(size);
    if (!isSent) return false;
    clearTimeout(this.#repeatTimers.get(folder.path));
    const repeat = () => {
      this.#repeatTimers.delete(folder.path);
      // If the command has ended, nothing reads it.
      void folder.resize(size);
    };
    this.#repeatTimers.set(folder.path, setTimeout(repeat, repeatDelayMs).unref());
    return true;
  }
}
