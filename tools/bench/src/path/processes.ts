import { childrenOf } from '@podman-api/testing/processes';
import { cpuTimeMs } from '../process-usage.ts';

/** Process ids of the parts that `npm start` runs. */
export type ServiceProcesses = Readonly<Record<'API' | 'worker' | 'Redis', number>>;

/**
 * Finds the processes of a service.
 * @param parent the process that has started them
 * @throws Error if one of them does not run
 */
export function findProcesses(parent: number): ServiceProcesses {
  const children = childrenOf(parent);
  const find = (part: string) => {
    const found = children.find(({ argv }) => argv.some(word => word.includes(part)));
    if (!found) throw new Error(`process ${parent} has no child with "${part}" in its arguments`);
    return found.pid;
  };
  return { API: find('apps/api/'), worker: find('apps/worker/'), Redis: find('redis-server') };
}

/** Returns the CPU time that each process has used, in ms. */
export function cpuTimesMs(processes: ServiceProcesses): Record<keyof ServiceProcesses, number> {
  return { API: cpuTimeMs(processes.API), worker: cpuTimeMs(processes.worker), Redis: cpuTimeMs(processes.Redis) };
}
