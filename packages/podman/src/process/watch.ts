/** A podman command that starts. Its arguments are left out, because they may contain text of a caller. */
export interface WatchedCommand {
  /** Podman's subcommand, such as `exec` or `container inspect`. */
  readonly verb: string;
  /** Whether it runs in a session instead of a process of its own. */
  readonly inSession: boolean;
}

/** Outcome of a command. */
export interface CommandEnd {
  /** `null` if it was ended before it returned one; `undefined` if it failed, or if a session did not run it after all. */
  readonly exitCode?: number | null | undefined;
  /** Why it could not be run, or could not be ended. */
  readonly error?: unknown;
}

/**
 * Called when a command starts; the function that it returns is called when the command ends. It runs in the asynchronous
 * context of the caller; for what the driver does on its own, in the context in which the driver was created.
 */
export type Watch = (command: WatchedCommand) => (end: CommandEnd) => void;

/** Runs a command and reports its start and end to `watch`. */
export async function runWatched<Result>(
  watch: Watch | undefined,
  command: WatchedCommand,
  run: () => PromiseLike<Result>,
  exitCodeOf: (result: Result) => number | null | undefined,
): Promise<Result> {
  if (!watch) return run();
  const onEnd = watch(command);
  try {
    const result = await run();
    onEnd({ exitCode: exitCodeOf(result) });
    return result;
  } catch (error) {
    onEnd({ error });
    throw error;
  }
}
