import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.ts';
import { testFolder } from './storage.ts';

/** Folder into which the set-up unpacks Debian's package if the command is not installed. */
export const dockerCliFolder = join(testFolder, 'docker-cli');

/** Returns the path of Docker's command line; `undefined` if it is missing. The one that the set-up has installed is preferred, because its version is known. */
export function findDockerCli(): string | undefined {
  const unpacked = join(dockerCliFolder, 'usr/bin/docker');
  return existsSync(unpacked) ? unpacked : findProgram(['docker']);
}
