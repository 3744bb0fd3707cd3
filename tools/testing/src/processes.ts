import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  /** Its program and arguments. */
  readonly argv: readonly string[];
}

/** The processes that a process has started and that run now. */
export function childrenOf(parent: number | undefined): readonly Process[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(Number)
    .filter(pid => parentOf(pid) === parent)
    .map(pid => ({ pid, argv: readIfThere(`/proc/${pid}/cmdline`).split('\0').slice(0, -1) }));
}

/** proc_pid_stat(5): the fourth field, behind the name in brackets. */
function parentOf(pid: number): number {
  return Number(readIfThere(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);
}

/** A process may end while it is looked at. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
