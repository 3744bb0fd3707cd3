import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type TestChild } from '@podman-api/testing';
import { findDockerCli } from '@podman-api/testing/docker-cli';

/** Outcome of a command. */
interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Docker's command line, unmodified. */
export interface DockerCli {
  /** Folder for files of the test, which has the settings of the command too. */
  readonly folder: string;
  run(...args: readonly string[]): Promise<CommandEnd>;
  /** Runs the command with a string as its stdin. */
  runWith(stdin: string, ...args: readonly string[]): Promise<CommandEnd>;
  /** Starts the command, which continues; its stdin stays open. */
  start(...args: readonly string[]): TestChild;
  /** Removes the folder. */
  stop(): void;
}

/** A command that waits forever must not hang the tests; none of them takes a tenth of this. */
const commandTimeoutMs = 120_000;

/** Connects Docker's command line to a Docker-compatible API. @param url `http://…` or `unix://…` */
export function createDockerCli(url: string): DockerCli {
  const program = findDockerCli();
  if (program === undefined) throw new Error('there is no docker command: run the tests by "npm test", which downloads it');
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-docker-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, DOCKER_HOST: url.replace(/^http:/, 'tcp:') };
  const runWith = (stdin: string, ...args: readonly string[]) =>
    new Promise<CommandEnd>(resolve => {
      const child = execFile(program, args, { env, timeout: commandTimeoutMs, killSignal: 'SIGKILL' }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
      child.stdin?.end(stdin);
    });
  return {
    folder,
    run: (...args) => runWith('', ...args),
    runWith,
    start: (...args) => startChild(program, args, env, true),
    stop: () => rmSync(folder, { recursive: true }),
  };
}
