import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@podman-api/runtime';
import { parseJobId } from '../job-id.ts';

const hourMs = 3_600_000;
/** How long it is remembered which jobs were begun. */
const memoryMs = 48 * hourMs;

/**
 * This host's own record of the jobs that were begun here. Redis may lose the last second before a crash, or what a failover
 * did not copy, and offer a job again that has run; an empty file that can be created once cannot be lost so.
 */
export interface Ledger {
  /** Records that a job begins. @returns false if it was begun before, or is too old to know */
  enter(jobId: string): boolean;
  /** Tells whether a job was begun here. */
  has(jobId: string): boolean;
  /** Deletes old entries. */
  clean(): void;
}

/** @param folder the same for all workers of the node; it has a folder for each hour */
export function openLedger(folder: string): Ledger {
  const existing = new Set<string>();
  const hourOf = (timeMs: number) => String(Math.floor(timeMs / hourMs));
  const createdAtMs = (jobId: string) => parseJobId(jobId)?.createdAtMs ?? 0;
  return {
    has: jobId => existsSync(join(folder, hourOf(createdAtMs(jobId)), jobId)),
    enter(jobId) {
      const createdMs = createdAtMs(jobId);
      if (Date.now() - createdMs > memoryMs - hourMs) return false;
      const hourFolder = join(folder, hourOf(createdMs));
      if (!existing.has(hourFolder)) mkdirSync(hourFolder, { recursive: true, mode: 0o700 });
      existing.add(hourFolder);
      try {
        closeSync(openSync(join(hourFolder, jobId), 'wx', 0o600));
        return true;
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      }
    },
    clean() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const oldest = Number(hourOf(Date.now() - memoryMs));
      for (const hour of readdirSync(folder)) {
        if (Number(hour) < oldest) rmSync(join(folder, hour), { recursive: true, force: true });
      }
    },
  };
}
