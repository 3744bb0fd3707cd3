import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { SeenContainer } from './containers.ts';

/** A process of the host's. */
export interface SeenProcess {
  readonly pid: number;
  /** Its argument list, on one line. */
  readonly command: string;
}

/** All processes but those that have ended and that their parent has not asked for. */
function processes(): SeenProcess[] {
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

/** The processes in containers beside the first one of each, by their PID namespaces. */
export function processesIn(containers: readonly SeenContainer[]): SeenProcess[] {
  const running = containers.filter(({ pid }) => pid > 0);
  const spaces = new Set(running.flatMap(({ pid }) => spaceOf(pid) ?? []));
  const first = new Set(running.map(({ pid }) => pid));
  return processes().filter(({ pid }) => !first.has(pid) && spaces.has(spaceOf(pid) ?? ''));
}

/** Those of jobs, by the variable that marks them. */
export function ofJobs(containers: readonly SeenContainer[]): SeenProcess[] {
  return processesIn(containers).filter(({ pid }) => read(`/proc/${pid}/environ`).includes('PODMAN_API_JOB='));
}

/** conmon's processes for containers whose names begin with a prefix, beside one for each container that runs. */
export function surplusConmons(containers: readonly SeenContainer[], prefix: string): SeenProcess[] {
  const own = processes().filter(({ command }) => command.includes('conmon ') && command.includes(` -n ${prefix}`));
  // The one of a container itself has the container's id twice; that of an exec has the exec's id second.
  return own.filter(({ command }) => !containers.some(({ id, pid }) => pid > 0 && command.includes(` -c ${id} -u ${id} `)));
}

/** podman's processes about containers whose names begin with a prefix. */
export function podmansFor(prefix: string): SeenProcess[] {
  return processes().filter(({ command }) => /^\S*podman /.test(command) && command.includes(prefix));
}

function spaceOf(pid: number): string | undefined {
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
