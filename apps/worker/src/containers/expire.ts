import type { Known } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import { type AuditLog, type Log, type PeriodicTask, runPeriodically } from '@podman-api/runtime';
import type { KeptRenewals } from './renewals.ts';
import type { ContainersWatch } from './watch.ts';

/** Interval of looking for expired containers. */
const checkIntervalMs = 500;
/** Pause before a container that could not be removed is tried again. */
const retryDelayMs = 10_000;
/** Limit for podman to remove a container. */
const removeTimeoutMs = 60_000;

/** What removing expired containers needs. */
export interface ExpiryParts {
  readonly podman: Pick<Podman, 'run'>;
  readonly node: string;
  readonly containers: ContainersWatch;
  readonly renewals: KeptRenewals;
  readonly log: Log;
  readonly audit: AuditLog;
}

/**
 * Removes expired containers by force. It needs nothing but this host, and uses ids: a container that has taken the name of
 * an expired one stays.
 */
export function removeExpired(parts: ExpiryParts): PeriodicTask {
  const { containers, renewals } = parts;
  const failed = new Map<string, number>();
  const inProgress = new Set<string>();
  return runPeriodically(checkIntervalMs, async () => {
    const due = [...containers.known.values()].filter(one => {
      const isOver = (renewals.get(one.id) ?? one.expires ?? Number.POSITIVE_INFINITY) <= Date.now();
      return isOver && !inProgress.has(one.id) && performance.now() - (failed.get(one.id) ?? Number.NEGATIVE_INFINITY) > retryDelayMs;
    });
    // A container on which podman hangs does not delay the others.
    for (const one of due) {
      inProgress.add(one.id);
      void remove(parts, one, failed)
        .catch(() => {})
        .finally(() => inProgress.delete(one.id));
    }
  });
}

async function remove({ podman, node, containers, renewals, log, audit }: ExpiryParts, container: Known, failed: Map<string, number>) {
  const { id, name, expires } = container;
  const started = performance.now();
  try {
    // A renewal from here on waits until the removal has ended.
    renewals.markAsRemoving(id);
    if ((renewals.read(id) ?? expires ?? 0) > Date.now()) return;
    const removed = await podman.run(['rm', '--force', '--time=0', '--volumes', '--', id], {
      signal: AbortSignal.timeout(removeTimeoutMs),
    });
    failed.delete(id);
    containers.drop(container);
    // Somebody else has removed it before: with --force, podman prints nothing then.
    if (removed.trim() === '') return;
    log.info({ container: name, id }, `removed ${name}: its time was over`);
    const duration_ms = Math.round(performance.now() - started);
    audit.write({ operation: 'container.expire', outcome: 'succeeded', token: null, container: name, node, subject: id, duration_ms });
  } catch (error) {
    failed.set(id, performance.now());
    log.error({ err: error, container: name, id }, `${name} could not be removed though its time is over`);
  } finally {
    renewals.unmarkAsRemoving(id);
  }
}
