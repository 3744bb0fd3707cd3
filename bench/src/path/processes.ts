import { readdirSync, readFileSync } from 'node:fs';
import { cpuOf } from '../process-figures.ts';

/** The processes of a service that `npm start` runs, by what they are. */
export type Processes = Readonly<Record<'API' | 'worker' | 'Redis', number>>;

/** @param parent the process that has started them */
export function processesOf(parent: number): Processes {
  const children = readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(Number)
    .filter(pid => parentOf(pid) === parent);
  const find = (part: string) => {
    const pid = children.find(child => readIfThere(`/proc/${child}/cmdline`).includes(part));
    if (pid === undefined) throw new Error(`there is no process ${part}`);
    return pid;
  };
  return { API: find('apps/api/'), worker: find('apps/worker/'), Redis: find('redis-server') };
}

/** How much CPU each has used, in ms. */
export function cpuOfAll(processes: Processes): Record<keyof Processes, number> {
  return { API: cpuOf(processes.API), worker: cpuOf(processes.worker), Redis: cpuOf(processes.Redis) };
}

/** proc_pid_stat(5): the fourth field, behind the name in brackets. */
function parentOf(pid: number): number {
  return Number(readIfThere(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
