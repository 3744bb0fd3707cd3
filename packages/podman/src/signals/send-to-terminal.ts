import { readFile } from 'node:fs/promises';
import { tryKill } from './host-processes.ts';

/**
 * Sends a signal to the foreground of a terminal, as a key such as Ctrl-C does: to the process group that the terminal's shell
 * has put there, proc_pid_stat(5).
 * @param pid a process on this host whose controlling terminal it is
 */
export async function sendToForeground(pid: number, signal: NodeJS.Signals): Promise<void> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name of the program, in parentheses, may contain spaces and parentheses.
  const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[5]);
  tryKill(group > 1 ? -group : pid, signal);
}
