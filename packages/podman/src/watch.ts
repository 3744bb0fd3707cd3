/** A podman command as it begins. Its arguments are left out: they may hold what a caller wrote. */
export interface Command {
  /** Podman's own word for it, such as `exec` or `container inspect`. */
  readonly verb: string;
  /** Whether a session runs it, and no process of its own. */
  readonly inSession: boolean;
}

/** How a command ended. */
export interface CommandEnd {
  /** `null` where it was ended before it told one; nothing where it failed, or where a session has not run it after all. */
  readonly exitCode?: number | null | undefined;
  /** Why it could not be run, or not be ended. */
  readonly error?: unknown;
}

/**
 * Hears of each command as it begins, and then of its end. It is called in the asynchronous context of who asked for it; for
 * what the driver does for its own sake that is where the driver was made.
 */
export type Watch = (command: Command) => (end: CommandEnd) => void;

/** Runs a command under somebody's eyes. */
export async function watched<Result>(
  watch: Watch | undefined,
  command: Command,
  run: () => PromiseLike<Result>,
  exitCodeOf: (result: Result) => number | null | undefined,
): Promise<Result> {
  if (!watch) return run();
  const ended = watch(command);
  try {
    const result = await run();
    ended({ exitCode: exitCodeOf(result) });
    return result;
  } catch (error) {
    ended({ error });
    throw error;
  }
}

/** Words that have further words behind them. */
const groups: ReadonlySet<string> = new Set(['container', 'image']);

/** Podman's own word for what arguments ask for. */
export function verbOf([first = '', second = '']: readonly string[]): string {
  return groups.has(first) ? `${first} ${second}` : first;
}
