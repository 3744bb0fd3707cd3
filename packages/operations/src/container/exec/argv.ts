import { readFileSync } from 'node:fs';
import type { Command } from '../create/command.ts';

const withStdin = readFileSync(new URL('./with-stdin.sh', import.meta.url), 'utf8');

/** The command as argv: a string is for the container's `sh`, a list is taken as it is. */
export function argvOf(command: Command): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}

/** The command as argv, below a shell that reads all of its stdin, which podman needs to lose no output. */
export function argvWithStdin(command: Command): readonly string[] {
  return ['sh', '-c', withStdin, 'sh', ...argvOf(command)];
}
