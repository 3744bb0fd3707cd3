import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ObservedContainer } from './containers.ts';

/** A process on the host. */
export interface ObservedProcess {
  readonly pid: number;
  /** Arguments on one line. */
  readonly command: string;
}

/** Lists all processes except zombies. */
function listProcesses(): ObservedProcess[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(entry => ({
      pid: Number(entry),
      command: read(`/proc/${entry}/cmdline`)
        .replace(/[\0\s]+/g, ' ')
        .trim(),
    }))
    .filter(({ command }) => command !== '');
}

/** Lists the processes in the PID namespaces of containers, without the first process of each. */
export function processesIn(containers: readonly ObservedContainer[]): ObservedProcess[] {
  const running = containers.filter(({ pid }) => pid > 0);
  const spaces = new Set(running.flatMap(({ pid }) => pidNamespaceOf(pid) ?? []));
  const first = new Set(running.map(({ pid }) => pid));
  return listProcesses().filter(({ pid }) => !first.has(pid) && spaces.has(pidNamespaceOf(pid) ?? ''));
}

/** Lists the processes in containers that belong to jobs, by their variable `PODMAN_API_JOB`. */
export function findJobProcesses(containers: readonly ObservedContainer[]): ObservedProcess[] {
  return processesIn(containers).filter(({ pid }) => read(`/proc/${pid}/environ`).includes('PODMAN_API_JOB='));
}

/** Lists conmon processes for containers with a prefix, without the one of each running container. */
export function findSurplusConmons(containers: readonly ObservedContainer[], prefix: string): ObservedProcess[] {
  const own = listProcesses().filter(({ command }) => command.includes('conmon ') && command.includes(` -n ${prefix}`));
  // The arguments of a container's conmon have its id twice; those of an exec's conmon have the exec's id second.
  return own.filter(({ command }) => !containers.some(({ id, pid }) => pid > 0 && command.includes(` -c ${id} -u ${id} `)));
}

/** Lists podman processes whose arguments name containers with a prefix. */
export function findPodmanProcesses(prefix: string): ObservedProcess[] {
  return listProcesses().filter(({ command }) => /^\S*podman /.test(command) && command.includes(prefix));
}

function pidNamespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
