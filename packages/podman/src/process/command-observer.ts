/** A podman command that starts. Its arguments are left out, because they may contain text of a caller. */
export interface ObservedCommand {
  /** Podman's subcommand, such as `exec` or `container inspect`. */
  readonly verb: string;
  /** Whether it runs in a session instead of a process of its own. */
  readonly isInSession: boolean;
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
 * context of the caller; for background work of the driver, in the context in which the driver was created.
 */
export type CommandObserver = (command: ObservedCommand) => (end: CommandEnd) => void;

/** Runs a command and reports its start and end to `onCommand`. */
export async function runObserved<Result>(
  onCommand: CommandObserver | undefined,
  command: ObservedCommand,
  run: () => PromiseLike<Result>,
  exitCodeOf: (result: Result) => number | null | undefined,
): Promise<Result> {
  if (!onCommand) return run();
  const onEnd = onCommand(command);
  try {
    const result = await run();
    onEnd({ exitCode: exitCodeOf(result) });
    return result;
  } catch (error) {
    onEnd({ error });
    throw error;
  }
}
