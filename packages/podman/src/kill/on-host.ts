import { readdir, readFile } from 'node:fs/promises';
import type { SendSignal } from './killer.ts';

/** Finds the processes in the host's `/proc`; one that has ended meanwhile is skipped. */
export const signalOnHost: SendSignal = async (name, _container, variable) => {
  const targets = await processesWith(variable);
  for (const pid of targets) if (name !== '0') tryKill(pid, `SIG${name}`);
  return targets.length;
};

/** The processes of this host whose environment holds a variable; those of other users show theirs to root alone. */
export async function processesWith(variable: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(pids.map(pid => holds(pid, variable)));
  return pids.filter((_, index) => found[index]);
}

async function holds(pid: number, variable: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
    return `\0${environment}`.includes(`\0${variable}\0`);
  } catch {
    return false;
  }
}

/** Sends a signal to a process that may be gone. */
export function tryKill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone since it was found.
  }
}
