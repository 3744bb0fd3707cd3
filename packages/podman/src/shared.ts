import { createSharing } from '@podman-api/runtime';
import { statePrint } from './state-print.ts';

/** A shared command that takes longer hangs, in ms: others wait for it. */
const sharedWithin = 60_000;

/**
 * How long an answer may be given again, in ms: a podman that could not note a container's end, or has been told to
 * keep its state elsewhere, changes nothing that is looked at.
 */
const rememberedFor = 10_000;

/** What podman said, and the state's print before and after that. */
interface Remembered {
  readonly print: string;
  readonly text: string;
  /** By the process's clock. */
  readonly at: number;
}

type Plain = (args: readonly string[], options: { readonly signal: AbortSignal }) => Promise<string>;

/** See `Podman.shared`. */
export function sharer(plain: Plain): (args: readonly string[], fresh?: boolean) => Promise<string> {
  const sharing = createSharing<string>();
  const memory = new Map<string, Remembered>();
  let graphRoot: string | undefined;
  const print = () => (graphRoot === undefined ? undefined : statePrint(graphRoot));
  const run = (args: readonly string[]) => plain(args, { signal: AbortSignal.timeout(sharedWithin) });
  return async (args, fresh = false) => {
    const key = args.join('\0');
    const remembered = memory.get(key);
    if (!fresh && remembered && performance.now() - remembered.at < rememberedFor && remembered.print === print()) return remembered.text;
    return sharing(key, async () => {
      graphRoot ??= (await run(['info', '--format={{.Store.GraphRoot}}'])).trim();
      const before = print();
      const at = performance.now();
      const text = await run(args);
      // What has changed while podman was reading, it may not have seen.
      if (before === undefined || print() !== before) memory.delete(key);
      else memory.set(key, { print: before, text, at });
      return text;
    });
  };
}
