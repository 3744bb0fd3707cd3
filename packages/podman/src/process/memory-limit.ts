import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Interval of the checks. Podman takes about 300 MiB a second at most (measured with 4.3). */
const checkIntervalMs = 50;

/**
 * Watches the resident memory of a process and its descendants until the process has ended. An rlimit cannot replace it, because Go
 * reserves much more address space than it uses. A cgroup needs rights that a worker may lack.
 * @param onExceeded called once if they have more than `maxBytes`
 */
export async function watchMemory(pid: number, maxBytes: number, ended: AbortSignal, onExceeded: () => void): Promise<void> {
  while (!ended.aborted) {
    if ((await readResidentBytes(pid)) > maxBytes) return onExceeded();
    await delay(checkIntervalMs, undefined, { signal: ended }).catch(() => {});
  }
}

/** Returns the resident memory of a process and its descendants, such as the second podman of an ordinary user; 0 if it has ended. */
async function readResidentBytes(pid: number): Promise<number> {
  const status = await readOrEmpty(`/proc/${pid}/status`);
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  // Each thread has a list of the processes that it has started.
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map(thread => readOrEmpty(`/proc/${pid}/task/${thread}/children`)));
  const children = lists.flatMap(list => list.split(' ').filter(text => text !== ''));
  const below = await Promise.all(children.map(child => readResidentBytes(Number(child))));
  return below.reduce((sum, bytes) => sum + bytes, own);
}

function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
