import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Returns a command that sleeps for more than ten days and that no other test runs, to be found by `processesOf`. */
export function uniqueSleep(): string {
  return `sleep ${randomInt(1_000_000, 9_999_999)}`;
}

/** Returns the ids of this host's processes, those in containers included, that have exactly this command line. */
export function processesOf(command: string): string[] {
  return readdirSync('/proc').filter(entry => /^\d+$/.test(entry) && readCommandLine(entry) === command);
}

/** A process may end meanwhile. */
function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trimEnd();
  } catch {
    return '';
  }
}
