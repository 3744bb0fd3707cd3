import { childrenOf } from '@podman-api/testing/processes';
import { cpuOf } from '../process-figures.ts';

/** The processes of a service that `npm start` runs, by what they are. */
export type Processes = Readonly<Record<'API' | 'worker' | 'Redis', number>>;

/** @param parent the process that has started them */
export function processesOf(parent: number): Processes {
  const children = childrenOf(parent);
  const find = (part: string) => {
    const found = children.find(({ argv }) => argv.some(word => word.includes(part)));
    if (!found) throw new Error(`there is no process ${part}`);
    return found.pid;
  };
  return { API: find('apps/api/'), worker: find('apps/worker/'), Redis: find('redis-server') };
}

/** How much CPU each has used, in ms. */
export function cpuOfAll(processes: Processes): Record<keyof Processes, number> {
  return { API: cpuOf(processes.API), worker: cpuOf(processes.worker), Redis: cpuOf(processes.Redis) };
}
