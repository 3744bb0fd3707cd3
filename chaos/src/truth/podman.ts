import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Podman's command line, past the API: gives stdout, and throws where podman fails. */
export type Podman = (...args: string[]) => Promise<string>;

/** @param env names the storage */
export function createPodman(env: NodeJS.ProcessEnv): Podman {
  return async (...args) => (await run('podman', args, { env, maxBuffer: 64 * 1024 ** 2 })).stdout;
}
