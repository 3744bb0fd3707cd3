import type { Known } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import { type AuditLog, type Log, type PeriodicTask, runPeriodically } from '@podman-api/runtime';
import type { RenewalStore } from './renewals.ts';
import type { ContainersWatch } from './watch.ts';

/** Interval between two checks for expired containers. */
const checkIntervalMs = 500;
/** Pause before removing a container is tried again after a failure. */
const retryDelayMs = 10_000;
/** Limit for podman to remove a container. */
const removeTimeoutMs = 60_000;

/** Dependencies for removing expired containers. */
export interface ExpiryParts {
  readonly podman: Pick<Podman, 'run'>;
  readonly node: string;
  readonly containers: ContainersWatch;
  readonly renewals: RenewalStore;
  readonly log: Log;
  readonly audit: AuditLog;
}

/**
 * Removes expired containers by force, also while Redis is unavailable. Uses ids, so that another container that has taken the
 * name of an expired one stays.
 */
export function removeExpired(parts: ExpiryParts): PeriodicTask {
  const { containers, renewals } = parts;
  const failedAt = new Map<string, number>();
  const inProgress = new Set<string>();
  return runPeriodically(checkIntervalMs, async () => {
    const due = [...containers.known.values()].filter(one => {
      const isExpired = (renewals.get(one.id) ?? one.expires ?? Number.POSITIVE_INFINITY) <= Date.now();
      return isExpired && !inProgress.has(one.id) && performance.now() - (failedAt.get(one.id) ?? Number.NEGATIVE_INFINITY) > retryDelayMs;
    });
    // A container on which podman hangs does not delay the others.
    for (const one of due) {
      inProgress.add(one.id);
      void remove(parts, one, failedAt)
        .catch(() => {})
        .finally(() => inProgress.delete(one.id));
    }
  });
}

async function remove({ podman, node, containers, renewals, log, audit }: ExpiryParts, container: Known, failedAt: Map<string, number>) {
  const { id, name, expires } = container;
  const startedAt = performance.now();
  try {
    // From here on, a renewal waits until the removal has finished.
    renewals.markAsRemoving(id);
    if ((renewals.read(id) ?? expires ?? 0) > Date.now()) return;
    const removed = await podman.run(['rm', '--force', '--time=0', '--volumes', '--', id], {
      signal: AbortSignal.timeout(removeTimeoutMs),
    });
    failedAt.delete(id);
    containers.drop(container);
    // Another process has removed the container already: with --force, podman then prints nothing.
    if (removed.trim() === '') return;
    log.info({ container: name, id }, `removed ${name}: its ttl had expired`);
    const duration_ms = Math.round(performance.now() - startedAt);
    audit.write({ operation: 'container.expire', outcome: 'succeeded', token: null, container: name, node, subject: id, duration_ms });
  } catch (error) {
    failedAt.set(id, performance.now());
    log.error(
      { err: error, container: name, id },
      `could not remove ${name}, whose ttl has expired; trying again in ${retryDelayMs / 1000} s`,
    );
  } finally {
    renewals.unmarkAsRemoving(id);
  }
}
