import { open, readdir, readFile, readlink } from 'node:fs/promises';
import pLimit from 'p-limit';

/** Number of processes whose environment is read at the same time; each read takes 64 KiB of memory, however large the environment is. */
const readsAtOnce = 8;
const chunkBytes = 64 * 1024;

/**
 * Returns the processes of this host whose environment holds a variable. Processes of other users show their environment
 * only to root.
 * @param variable `NAME=value`
 * @param isCandidate whether a process's environment is to be read at all
 */
export async function findProcesses(variable: string, isCandidate: (pid: number) => Promise<boolean>): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry)).map(Number);
  const limit = pLimit(readsAtOnce);
  const found = await Promise.all(pids.map(pid => limit(async () => (await isCandidate(pid)) && hasVariable(pid, variable))));
  return pids.filter((_, index) => found[index]);
}

/** Whether a process is in a container's cgroup; processes that a container starts can leave neither it nor its sub-cgroups. */
export async function isInContainer(pid: number, containerId: string): Promise<boolean> {
  return (await readCgroups(pid)).includes(`libpod-${containerId}`);
}

/** Matches the cgroups of podman's containers, but not those of conmon (`libpod-conmon-<id>`). */
const containerCgroups = /libpod-[0-9a-f]{64}/g;

/**
 * Returns a function that tests whether a process is in a container of podman on this host. The container of this process itself does not
 * count.
 */
export async function createContainerProcessFilter(): Promise<(pid: number) => Promise<boolean>> {
  const readContainers = async (pid: number | 'self'): Promise<readonly string[]> => (await readCgroups(pid)).match(containerCgroups) ?? [];
  const own = await readContainers('self');
  return async pid => (await readContainers(pid)).some(container => !own.includes(container));
}

function readCgroups(pid: number | 'self'): Promise<string> {
  return readFile(`/proc/${pid}/cgroup`, 'latin1').catch(() => '');
}

/** Whether a process shares this process's PID namespace, which no process of a container does. */
export async function isInOwnPidNamespace(pid: number): Promise<boolean> {
  const [own, other] = await Promise.all(['self', pid].map(id => readlink(`/proc/${id}/ns/pid`).catch(() => undefined)));
  return own !== undefined && own === other;
}

/** Reads piece by piece: a process chooses its environment itself, up to several MiB. */
async function hasVariable(pid: number, variable: string): Promise<boolean> {
  const wanted = Buffer.from(`\0${variable}\0`);
  try {
    await using file = await open(`/proc/${pid}/environ`);
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let tail = Buffer.from('\0');
    for (;;) {
      const { bytesRead } = await file.read(chunk);
      if (bytesRead === 0) return false;
      const text = Buffer.concat([tail, chunk.subarray(0, bytesRead)]);
      if (text.includes(wanted)) return true;
      tail = text.subarray(-(wanted.length - 1));
    }
  } catch {
    // The process has ended, or its environment cannot be read.
    return false;
  }
}

/** Sends a signal to a process that may be gone, or to a process group if `pid` is negative. */
export function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone since it was found.
  }
}
