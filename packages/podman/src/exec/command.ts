import { environmentArguments } from '../environment-arguments.ts';
import type { CommandOptions } from '../types.ts';

/** A command to run in a container. */
export interface ExecCommand {
  /** The container, by whatever podman finds it by. */
  readonly container: string;
  /** Default: the container's own user. */
  readonly user?: string | undefined;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variables by which this service finds the command's processes; their values are no secrets. */
  readonly marks?: Readonly<Record<string, string>>;
  /** Default: the container's own. */
  readonly workDir?: string | undefined;
  /** Default: empty. */
  readonly stdin?: string | Uint8Array | undefined;
}

/** Arguments of `podman exec`, and what must be given to podman beside them. */
export interface ExecArguments {
  readonly args: readonly string[];
  readonly options: Pick<CommandOptions, 'file' | 'env' | 'stdin'>;
}

/**
 * Returns the arguments that run a command. They hold no values of variables, except `marks`, and no stdin.
 * @throws ApiError (400) as `environmentArguments` does
 */
export function execArguments({ container, user, argv, environment, marks = {}, workDir, stdin }: ExecCommand): ExecArguments {
  const variables = environmentArguments(environment);
  return {
    args: [
      'exec',
      ...(stdin === undefined ? [] : ['--interactive']),
      ...Object.entries(marks).map(([name, value]) => `--env=${name}=${value}`),
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
