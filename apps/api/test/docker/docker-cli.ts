import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDockerCli } from '@podman-api/testing/docker-cli';

/** How a command ended. */
interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Docker's command line, unmodified. */
export interface DockerCli {
  run(...args: readonly string[]): Promise<CommandEnd>;
  /** Removes its folder of settings. */
  stop(): void;
}

/** Connects Docker's command line to a Docker-compatible API. @param url `http://…` or `unix://…` */
export function createDockerCli(url: string): DockerCli {
  const program = findDockerCli();
  if (program === undefined) throw new Error('there is no docker command: run the tests by "npm test", which downloads it');
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-docker-'));
  const env = { PATH: process.env['PATH'], HOME: folder, DOCKER_HOST: url.replace(/^http:/, 'tcp:') };
  return {
    run: (...args) =>
      new Promise(resolve => {
        const child = execFile(program, args, { env }, (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }));
      }),
    stop: () => rmSync(folder, { recursive: true }),
  };
}
