import type { Lease, LeaseStore, StoredLease } from '@podman-api/cluster';
import type { RemovedLabelled } from '@podman-api/operations';
import { type Log, type PeriodicTask, runPeriodically } from '@podman-api/runtime';
import { type RemovalParts, removeLeased } from './remove-leased.ts';

/** Interval between two reads of all leases. */
const sweepIntervalMs = 5000;
/** A lease has lapsed if it was not renewed for this long, and this process could read it throughout. Clients renew every 5 s. */
const lapseMs = 30_000;
/** The record of a lease stays for this long after its end, for jobs that were creating something meanwhile. */
const settleMs = 30_000;
/** Longest gap between two reads that counts as continuous. After a longer gap, every lease gets its full time again. */
const maxGapMs = 3 * sweepIntervalMs;

/** A lease as this process has seen it. */
interface Observation {
  readonly revision: string;
  readonly isEnding: boolean;
  /** When this process first saw this revision, by `performance.now()`. */
  readonly sinceMs: number;
}

/** Dependencies of a sweep. */
export interface SweepParts {
  readonly leases: LeaseStore;
  readonly log: Log;
  /** Removes what has the labels of a lease. */
  remove(lease: Lease): Promise<RemovedLabelled>;
}

/**
 * Removes what belongs to leases that were ended or have lapsed, also those of processes that have died. Every API process does
 * this, but only one at a time for each lease. No lease lapses because of an outage of Redis or a pause of this process.
 */
export function sweepLeases(parts: RemovalParts): PeriodicTask {
  const { leases, log } = parts;
  const sweep = createSweep({ leases, log, remove: lease => removeLeased(parts, lease) }, () => performance.now());
  return runPeriodically(sweepIntervalMs, async () => void (await sweep()));
}

/** Creates the function that reads all leases once. It returns the removals that it has begun. @param nowMs returns the time in ms */
export function createSweep({ leases, log, remove }: SweepParts, nowMs: () => number): () => Promise<readonly Promise<void>[]> {
  let observed = new Map<string, Observation>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  const inProgress = new Set<string>();

  const finish = async (lease: StoredLease, ageMs: number): Promise<void> => {
    if (!(await leases.claim(lease.id))) return;
    if (!lease.isEnding) await leases.end(lease);
    const { containers, networks, volumes, failures } = await remove(lease);
    const count = containers.length + networks.length + volumes.length;
    if (count > 0) log.info({ labels: lease.labels, containers, networks, volumes }, 'removed the rest of an ended session');
    if (failures.length > 0) log.warn({ labels: lease.labels, failures }, 'could not remove everything of an ended session; trying again');
    if (lease.isEnding && ageMs > settleMs && count === 0 && failures.length === 0) await leases.remove(lease.id);
  };

  return async () => {
    const all = await leases.list();
    const now = nowMs();
    if (now - readAtMs > maxGapMs) observed = new Map();
    readAtMs = now;
    observed = new Map(
      all.map(({ id, revision, isEnding }) => {
        const before = observed.get(id);
        const isSame = before?.isEnding === isEnding && (isEnding || before.revision === revision);
        return [id, { revision, isEnding, sinceMs: isSame ? before.sinceMs : now }];
      }),
    );
    const due = all.filter(({ id, isEnding }) => !inProgress.has(id) && (isEnding || ageOf(id) > lapseMs));
    return due.map(async lease => {
      inProgress.add(lease.id);
      await finish(lease, ageOf(lease.id))
        .catch((error: unknown) =>
          log.warn({ err: error, labels: lease.labels }, 'could not remove the leftovers of an ended session; trying again'),
        )
        .finally(() => inProgress.delete(lease.id));
    });

    function ageOf(id: string): number {
      return now - (observed.get(id)?.sinceMs ?? now);
    }
  };
}
