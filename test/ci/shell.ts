import { startChild } from '@podman-api/testing';

/** Outcome of shell lines. */
export interface ShellResult {
  /** The exit code, or the name of the signal that ended the shell. */
  readonly code: number | string;
  /** stdout and stderr. */
  readonly output: string;
}

/**
 * Runs shell lines as CI systems do: the first that fails ends them.
 * @param env variables in addition to those of this process
 * @param folder where the lines start
 */
export async function runShell(
  shell: 'sh' | 'bash',
  lines: string,
  env: Readonly<Record<string, string>>,
  folder: string,
): Promise<ShellResult> {
  const child = startChild(shell, ['-ec', `cd '${folder}'\n${lines}`], env);
  return { code: await child.ended, output: child.output() };
}
