import type { Readable } from 'node:stream';
import { execa, type Options } from 'execa';
import type { CommandObserver } from './command-observer.ts';

/** The podman to run, and the environment and working directory of its processes. */
export interface PodmanHost {
  /** The executable, by path or name. */
  readonly binary: string;
  /** The whole environment: nothing of this process's own is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Default: this process's own. Conmon writes an empty file `oom` there when a command is killed for memory. */
  readonly cwd?: string | undefined;
  /** Called for each command. */
  readonly onCommand?: CommandObserver | undefined;
}

/**
 * A process group of its own: a Ctrl-C in the terminal reaches the worker alone, which then ends podman in order. A result is
 * returned for every end of the process; nothing is thrown.
 */
const fixedOptions = {
  buffer: false,
  cleanup: false,
  detached: true,
  extendEnv: false,
  reject: false,
} as const satisfies Options;

/**
 * Words before a long-running podman command. They have the kernel end it when this process dies, however it dies: podman itself
 * might not notice (setpriv(1), PR_SET_PDEATHSIG(2const)).
 */
export const parentDeathPrefix = ['setpriv', '--pdeathsig=KILL', '--'] as const;

/**
 * Starts a program without a shell.
 * @param options for execa; `env` is added to the host's variables, and `stdio` is three pipes by default
 */
export function spawn<const SpawnOptions extends Options>(
  { env, cwd }: PodmanHost,
  program: string,
  args: readonly string[],
  options: SpawnOptions,
) {
  return execa(program, args, {
    ...options,
    ...fixedOptions,
    env: { ...env, ...options.env },
    ...(cwd !== undefined && { cwd }),
  });
}

/** Passes on the chunks of a stream; while `onBytes` is busy with a chunk, no more is read. */
export function pipeWithBackpressure(stream: Readable | null, onBytes: (bytes: Buffer) => Promise<void> | undefined): void {
  stream?.on('data', (bytes: Buffer) => {
    const taken = onBytes(bytes);
    if (!taken) return;
    stream.pause();
    void taken.finally(() => stream.resume());
  });
}
