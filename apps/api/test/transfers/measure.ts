import { readFileSync } from 'node:fs';

/** Returns the resident memory of a process in MiB; 0 if it has ended. */
export function residentMebibytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Records how far processes exceed the memory that they have now, until `stop` is called. */
export function watchMemory(pids: readonly number[]): { stop(): readonly number[] } {
  const idle = pids.map(residentMebibytes);
  const most = [...idle];
  const timer = setInterval(() => {
    for (const [index, pid] of pids.entries()) most[index] = Math.max(most[index] ?? 0, residentMebibytes(pid));
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return most.map((value, index) => Math.round(value - (idle[index] ?? 0)));
    },
  };
}
