import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs podman directly, without the API. Returns stdout. @throws Error if podman fails */
export type PodmanRunner = (...args: string[]) => Promise<string>;

/** @param env environment variables, which select the storage */
export function createPodmanRunner(env: NodeJS.ProcessEnv): PodmanRunner {
  return async (...args) => (await run('podman', args, { env, maxBuffer: 64 * 1024 ** 2 })).stdout;
}
