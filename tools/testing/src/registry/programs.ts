import { join } from 'node:path';
import { findProgram } from '../programs.ts';
import { testFolder } from '../storage.ts';

/** Folder into which the set-up unpacks Debian's package if the registry is not installed. */
export const registryFolder = join(testFolder, 'registry');

/** Returns the path of the program that serves images; `undefined` if it is missing. */
export function findRegistry(): string | undefined {
  return findProgram(['docker-registry'], [join(registryFolder, 'usr/bin')]);
}
