import { readFileSync } from 'node:fs';
import type { Service } from '@podman-api/testing';

/** Memory of the parts of a service, in MiB. */
export interface MemoryUse {
  readonly api: number;
  readonly worker: number;
  /** What Redis has allocated. */
  readonly redis: number;
}

/** Reads the resident memory of the processes (proc_pid_status(5)), and what Redis has allocated. */
export async function readMemory({ api, worker, redis }: Service): Promise<MemoryUse> {
  const info = await redis.sendToAllMasters('INFO', 'memory');
  const allocated = [...info.matchAll(/^used_memory:(\d+)/gm)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { api: residentMib(api.process.pid), worker: residentMib(worker.process.pid), redis: allocated / 1024 ** 2 };
}

/** Returns how much more memory is used than before. */
export function growth(before: MemoryUse, now: MemoryUse): MemoryUse {
  return { api: now.api - before.api, worker: now.worker - before.worker, redis: now.redis - before.redis };
}

function residentMib(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
