import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@podman-api/runtime';
import { placeOf } from '../names.ts';

const hour = 3_600_000;
/** How long it is remembered which jobs were begun, in ms. */
const memory = 48 * hour;

/**
 * This host's own word on which jobs were begun here. Redis may lose the last second before a crash, or all that a
 * failover did not copy, and offer a job that has been run; an empty file that can be made once can't be lost so.
 */
export interface Ledger {
  /** Whether a job may be begun, which then is noted; false where it was before, or is too old to know. */
  enter(job: string): boolean;
  /** Whether a job was begun here. */
  has(job: string): boolean;
  /** Forgets what is old. */
  tidy(): void;
}

/** @param folder the same for all workers of the node */
export function openLedger(folder: string): Ledger {
  const made = new Set<string>();
  const pageOf = (created: number) => String(Math.floor(created / hour));
  const createdAt = (job: string) => placeOf(job)?.created ?? 0;
  return {
    has: job => existsSync(join(folder, pageOf(createdAt(job)), job)),
    enter(job) {
      const created = createdAt(job);
      if (Date.now() - created > memory - hour) return false;
      const page = join(folder, pageOf(created));
      if (!made.has(page)) mkdirSync(page, { recursive: true, mode: 0o700 });
      made.add(page);
      try {
        closeSync(openSync(join(page, job), 'wx', 0o600));
        return true;
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      }
    },
    tidy() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const oldest = Number(pageOf(Date.now() - memory));
      for (const page of readdirSync(folder)) {
        if (Number(page) < oldest) rmSync(join(folder, page), { recursive: true, force: true });
      }
    },
  };
}
