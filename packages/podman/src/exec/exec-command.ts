import type { ChunkSink } from '@podman-api/runtime';
import { environmentArguments } from '../environment-arguments.ts';
import type { PodmanFault } from '../error-patterns/podman-fault.ts';
import type { CommandOptions } from '../process/run-process.ts';

/** A command to run in a container. */
export interface ExecCommand {
  /** Name, id or beginning of the id. */
  readonly container: string;
  /** Default: the container's own user. */
  readonly user?: string | undefined;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variables by which this service finds the command's processes; their values are in argument lists. */
  readonly markers?: Readonly<Record<string, string>>;
  /** Default: the container's own. */
  readonly workDir?: string | undefined;
  /** Default: empty. */
  readonly stdin?: string | Uint8Array | undefined;
  /** Connection of a caller to the running command: a pipe, or a pseudo-terminal. Default: none. */
  readonly interactive?: 'pipe' | 'terminal' | undefined;
}

/** Options of a command in a container. */
export interface ExecOptions extends Pick<CommandOptions, 'signal' | 'stop' | 'env' | 'onStdin'> {
  /** Receives the command's output. */
  readonly onOutput: ChunkSink;
}

/** Outcome of a command in a container. */
export interface ExecResult {
  /** `null` if podman was ended before it returned one. */
  readonly exitCode: number | null;
  /** Set if podman itself failed; the command has not run then. */
  readonly fault?: PodmanFault;
  /** Podman's error message as it wrote it, which was not passed on as output of the command. */
  readonly faultText?: Uint8Array;
}

/** Arguments of `podman exec`, and the options that belong to them. */
export interface ExecArguments {
  readonly args: readonly string[];
  readonly options: Pick<CommandOptions, 'file' | 'env' | 'stdin'>;
}

/**
 * Returns the arguments that run a command. They hold no values of variables, except `marks`, and no stdin.
 * @throws ApiError (400) as `environmentArguments` does
 */
export function execArguments(command: ExecCommand): ExecArguments {
  const { container, user, argv, environment, markers = {}, workDir, stdin, interactive } = command;
  const variables = environmentArguments(environment);
  return {
    args: [
      'exec',
      ...(stdin === undefined && interactive === undefined ? [] : ['--interactive']),
      // Without detach keys, all of which would reach podman alone.
      ...(interactive === 'terminal' ? ['--tty', '--detach-keys='] : []),
      ...Object.entries(markers).map(([name, value]) => `--env=${name}=${value}`),
      ...variables.args,
      ...(user === undefined ? [] : [`--user=${user}`]),
      ...(workDir === undefined ? [] : [`--workdir=${workDir}`]),
      '--',
      container,
      ...argv,
    ],
    options: { ...variables.options, ...(stdin !== undefined && { stdin }) },
  };
}
