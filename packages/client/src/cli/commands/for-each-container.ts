import type { CommandContext } from '../context.ts';
import { formatError, getExitCode, UsageError } from '../errors.ts';

/**
 * Calls a function for each container, also after an error. Each error is one line on stderr.
 * @returns 0, or the exit code for the last error
 * @throws UsageError if there are no names; the reason of the signal
 */
export async function forEachContainer(
  names: readonly string[],
  { signal, printMessage }: CommandContext,
  act: (name: string) => Promise<void>,
): Promise<number> {
  if (names.length === 0) throw new UsageError('The name of a container is missing.');
  let code = 0;
  for (const name of names) {
    try {
      await act(name);
    } catch (error) {
      signal.throwIfAborted();
      const message = formatError(error);
      printMessage(message.includes(name) ? message : `${name}: ${message}`);
      code = getExitCode(error);
    }
  }
  return code;
}
