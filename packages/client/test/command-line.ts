import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startChild, type TestChild } from '@podman-api/testing';

const program = fileURLToPath(new URL('../bin/podman-api.mjs', import.meta.url));
/** A PATH on which `podman-api` and the current `node` come first. */
export const programPath = `${fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))}:${process.env['PATH']}`;

/** Outcome of a command line. */
export interface CommandResult {
  /** The exit code, or the name of the signal that ended the process. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs. */
export interface RunningCommand extends TestChild {
  /** Resolves when the process has ended and all of its output has arrived. */
  readonly result: Promise<CommandResult>;
}

/**
 * Returns functions that run command lines of `podman-api` against an API.
 * @param variables in addition to those of this process
 */
export function createCommandLine(url: string, variables: Readonly<Record<string, string>> = {}) {
  const env = { PODMAN_API_URL: url, PATH: programPath, ...variables };
  const start = (...args: string[]) => collectOutput(startChild(process.execPath, [program, ...args], env));
  return {
    start,
    run: (...args: string[]) => start(...args).result,
    /** Runs a line of shell, in which `podman-api` is on the path. */
    shell: (line: string) => collectOutput(startChild('sh', ['-c', line], env)).result,
  };
}

/** Collects stdout and stderr of a child separately. */
export function collectOutput(child: TestChild): RunningCommand {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child.process[stream]?.on('data', text => {
      written[stream] += text;
    });
  }
  const result = once(child.process, 'close').then(async () => ({ code: await child.ended, ...written }));
  return { ...child, result };
}
