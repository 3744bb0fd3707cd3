import { readdirSync, readFileSync } from 'node:fs';

/** The processes of this host, those in containers among them, that have just this command line. */
export function processesOf(command: string): string[] {
  return readdirSync('/proc').filter(entry => /^\d+$/.test(entry) && commandOf(entry) === command);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trimEnd();
  } catch {
    return '';
  }
}
