import { spawnSync } from 'node:child_process';

/** What a program gave. */
export interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Runs a program and gives all it wrote; one that is not there has failed.
 * @param cwd the folder it runs in, where that matters
 */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    maxBuffer: 64 * 1024 ** 2,
  });
  return { ok: status === 0, output: error ? error.message : `${stdout}${stderr}`.trim() };
}

/** Whether a program is on the path. */
export function has(program: string): boolean {
  return run('sh', ['-c', 'command -v -- "$1"', 'sh', program]).ok;
}
