import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './context.ts';
import { UsageError } from './errors.ts';

/** The flag that answers the question of `confirm`. */
export const forceFlag = { type: 'boolean', short: 'f', description: 'do not ask for confirmation' } as const;

/**
 * Asks for confirmation on the terminal before resources are removed that other callers may use.
 * @param warning what will be removed, such as `This removes all volumes that no container uses.`
 * @returns whether the answer is yes; the end of the input (Ctrl-D) is a no
 * @throws UsageError if there is no terminal, and no `--force`; the reason of the signal
 */
export async function confirm(warning: string, force: boolean | undefined, { signal, progress }: CommandContext): Promise<boolean> {
  if (force) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new UsageError(`${warning} Confirm with --force.`);
  progress.clear();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode, the terminal sends Ctrl-C as a byte.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // At the end of the input, Node.js rejects the answer or leaves it unsettled, depending on its version and on how the input ended.
  const ended = once(terminal, 'close').then(() => '');
  const answered = terminal.question(`${warning} Continue? [y/N] `, { signal }).catch(() => '');
  try {
    const answer = await Promise.race([answered, ended]);
    signal.throwIfAborted();
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
