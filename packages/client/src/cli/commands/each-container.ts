import type { Context } from '../context.ts';
import { codeOf, lineOf, UsageError } from '../failure.ts';

/**
 * Does something with each of the named containers, also after one of them failed. An error is a line on stderr.
 * @returns 0, or the exit code for the last error
 * @throws UsageError for no names; what `stopping` was aborted for
 */
export async function eachContainer(
  names: readonly string[],
  { stopping, tell }: Context,
  act: (name: string) => Promise<void>,
): Promise<number> {
  if (names.length === 0) throw new UsageError('The name of a container is wanted.');
  let code = 0;
  for (const name of names) {
    try {
      await act(name);
    } catch (error) {
      stopping.throwIfAborted();
      const line = lineOf(error);
      tell(line.includes(name) ? line : `${name}: ${line}`);
      code = codeOf(error);
    }
  }
  return code;
}
