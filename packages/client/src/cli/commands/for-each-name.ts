import type { CommandContext } from '../context.ts';
import { formatError, getExitCode, UsageError } from '../errors.ts';

/** Words of a command that acts on several things. */
interface Wording {
  /** Noun of the named things, such as `container`. */
  readonly noun: string;
  /** Action on each, such as `stopping`, for the status line. Default: no status line. */
  readonly verb?: string;
}

/**
 * Calls a function for each name, also after an error. Each error is one line on stderr.
 * @returns 0, or the exit code for the last error
 * @throws UsageError if there are no names; the reason of the signal
 */
export async function forEachName(
  names: readonly string[],
  { signal, progress, printMessage }: CommandContext,
  { noun, verb }: Wording,
  act: (name: string) => Promise<void>,
): Promise<number> {
  if (names.length === 0) throw new UsageError(`The name of ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun} is missing.`);
  let code = 0;
  for (const [index, name] of names.entries()) {
    if (verb !== undefined) progress.show(`${verb} ${name}${names.length > 1 ? ` (${index + 1} of ${names.length})` : ''}`);
    try {
      await act(name);
    } catch (error) {
      signal.throwIfAborted();
      const message = formatError(error);
      printMessage(message.includes(name) ? message : `${name}: ${message}`);
      code = getExitCode(error);
    }
    progress.clear();
  }
  return code;
}
