import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  /** The program and its arguments. */
  readonly argv: readonly string[];
}

/** Returns the running child processes of a process. */
export function childrenOf(parent: number | undefined): readonly Process[] {
  return listPids()
    .filter(pid => readParent(pid) === parent)
    .map(readProcess);
}

/** Returns all running processes. */
export function listProcesses(): readonly Process[] {
  return listPids().map(readProcess);
}

function listPids(): readonly number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(Number);
}

function readProcess(pid: number): Process {
  return { pid, argv: readIfExists(`/proc/${pid}/cmdline`).split('\0').slice(0, -1) };
}

/** Returns the parent of a process: the fourth field of proc_pid_stat(5), after the name in parentheses. */
function readParent(pid: number): number {
  return Number(readIfExists(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);
}

/** Returns the text of a file; empty if the process has exited meanwhile. */
function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
