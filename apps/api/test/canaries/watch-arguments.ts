import { readdirSync, readFileSync } from 'node:fs';

/*
 * Reads the arguments of processes every few milliseconds, and prints each process in which it finds one of the texts
 * in WATCHED (separated by commas), once per text. Runs in a separate process.
 */

/** Podman lives for 30 ms and more; without a pause this process would keep a core busy. */
const pauseMs = 5;
/** Number of times that a new process is checked: soon after fork(2), it starts its program by execve(2), which changes its arguments. */
const newProcessChecks = 40;
/** One in this number of checks reads all processes. */
const checksPerFullCheck = 20;

const watched = (process.env['WATCHED'] ?? '').split(',').filter(text => text !== '');
const printed = new Set<string>();
/** Number of the next check. */
let check = 0;
/** The check that found a process first, by the id of the process. */
let firstChecks = new Map<string, number>();

function checkProcesses(): void {
  const isFull = check % checksPerFullCheck === 0;
  const pids = readdirSync('/proc').filter(entry => /^\d+$/.test(entry));
  firstChecks = new Map(pids.map(pid => [pid, firstChecks.get(pid) ?? check]));
  for (const [pid, firstCheck] of firstChecks) if (isFull || check - firstCheck < newProcessChecks) examine(pid);
  check += 1;
  setTimeout(checkProcesses, pauseMs);
}

function examine(pid: string): void {
  const line = read(`/proc/${pid}/cmdline`);
  for (const text of watched) {
    if (!line.includes(text) || printed.has(text + pid)) continue;
    printed.add(text + pid);
    process.stdout.write(`found ${text} in ${pid}: ${line.replaceAll('\0', ' ').slice(0, 500)}\n`);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

checkProcesses();
