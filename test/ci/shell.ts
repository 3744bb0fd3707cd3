import { startChild } from '@podman-api/testing';

/** Lines that were run. */
export interface Ran {
  readonly code: number | string;
  /** stdout and stderr. */
  readonly output: string;
}

/** Runs lines as CI systems do: the first that fails ends them. */
export async function runLines(shell: 'sh' | 'bash', lines: string, env: Readonly<Record<string, string>>, folder: string): Promise<Ran> {
  const child = startChild(shell, ['-ec', `cd '${folder}'\n${lines}`], env);
  return { code: await child.ended, output: child.output() };
}
