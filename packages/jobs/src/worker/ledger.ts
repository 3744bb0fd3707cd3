import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@podman-api/runtime';
import { parseJobId } from '../job-id.ts';

const hourMs = 3_600_000;
/** Time after which entries are deleted. */
const entryTtlMs = 48 * hourMs;

/**
 * Records on this host which jobs were begun here, one empty file per job. Redis may lose the last writes in a crash or failover and
 * deliver a job again that has already run; the ledger prevents a second run.
 */
export interface Ledger {
  /** Records that a job begins. @returns false if it was begun before, or is so old that its entry may have been deleted */
  enter(jobId: string): boolean;
  /** Whether a job was begun on this host. */
  has(jobId: string): boolean;
  /** Deletes old entries. */
  clean(): void;
}

/** Opens the ledger. @param folder the same for all workers of the node; contains one folder per hour */
export function openLedger(folder: string): Ledger {
  const existing = new Set<string>();
  const hourOf = (timeMs: number) => String(Math.floor(timeMs / hourMs));
  const createdAtMs = (jobId: string) => parseJobId(jobId)?.createdAtMs ?? 0;
  return {
    has: jobId => existsSync(join(folder, hourOf(createdAtMs(jobId)), jobId)),
    enter(jobId) {
      const createdMs = createdAtMs(jobId);
      if (Date.now() - createdMs > entryTtlMs - hourMs) return false;
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
      const oldest = Number(hourOf(Date.now() - entryTtlMs));
      for (const hour of readdirSync(folder)) {
        if (Number(hour) < oldest) rmSync(join(folder, hour), { recursive: true, force: true });
      }
    },
  };
}
