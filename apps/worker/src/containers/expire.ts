import type { KnownContainer } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import { type AuditLog, ExpiringMap, type Log, type PeriodicTask, runPeriodically } from '@podman-api/runtime';
import type { RenewalStore } from './renewals.ts';
import type { ContainersWatch } from './watch.ts';

/** Interval between two checks for expired containers. */
const checkIntervalMs = 500;
/** Pause before removing a container is tried again after a failure. */
const retryDelayMs = 10_000;
/**
 * Time after its exit for podman to remove a container that was created with `--rm`. Podman's own clean-up takes less than a second,
 * and sometimes does not happen: podman issues 2619 and 10935; seen on 4.3 with `podman start --attach` of a command of 10 ms.
 */
const autoRemoveGraceMs = 5000;
/** Time limit of the removal of a container by podman. */
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

/** Why a container is removed. */
type RemovalReason = 'expired' | 'exited';

/** The operation in the audit log and the text of the log line, by reason. */
const removals = {
  expired: { operation: 'container.expire', why: 'its ttl had expired' },
  exited: { operation: 'container.auto_remove', why: 'it had exited, and podman had not removed it' },
} as const satisfies Record<RemovalReason, { readonly operation: string; readonly why: string }>;

/**
 * Removes by force containers that have expired, and exited ones that podman should have removed (`--rm`), also while Redis is
 * unavailable. Uses ids, so that another container that has taken the name of a removed one stays.
 */
export function removeExpired(parts: ExpiryParts): PeriodicTask {
  const { containers, renewals } = parts;
  /** Ids of containers whose removal has failed recently. */
  const recentFailures = new ExpiringMap<string, true>(retryDelayMs);
  const inProgress = new Set<string>();
  return runPeriodically(checkIntervalMs, async () => {
    for (const one of containers.known.values()) {
      const reason = removalReason(one, renewals);
      const isWaiting = inProgress.has(one.id) || recentFailures.has(one.id);
      if (!reason || isWaiting) continue;
      inProgress.add(one.id);
      // A container on which podman hangs does not delay the others.
      void remove(parts, one, reason, recentFailures)
        .catch(() => {})
        .finally(() => inProgress.delete(one.id));
    }
  });
}

function removalReason(
  { id, expiresAtMs, autoRemoveSinceMs }: KnownContainer,
  renewals: Pick<RenewalStore, 'get'>,
): RemovalReason | undefined {
  if ((renewals.get(id) ?? expiresAtMs ?? Number.POSITIVE_INFINITY) <= Date.now()) return 'expired';
  return (autoRemoveSinceMs ?? Number.POSITIVE_INFINITY) + autoRemoveGraceMs <= Date.now() ? 'exited' : undefined;
}

async function remove(
  parts: ExpiryParts,
  container: KnownContainer,
  reason: RemovalReason,
  recentFailures: ExpiringMap<string, true>,
): Promise<void> {
  const { podman, node, containers, renewals, log, audit } = parts;
  const { id, name, expiresAtMs } = container;
  const { operation, why } = removals[reason];
  const startedAtMs = performance.now();
  try {
    // From here on, a renewal waits until the removal has finished.
    renewals.markAsRemoving(id);
    if (reason === 'expired' && (renewals.read(id) ?? expiresAtMs ?? 0) > Date.now()) return;
    const removed = await podman.run(['rm', '--force', '--time=0', '--volumes', '--', id], {
      signal: AbortSignal.timeout(removeTimeoutMs),
    });
    recentFailures.delete(id);
    containers.drop(container);
    // Another process has removed the container already: with --force, podman then prints nothing.
    if (removed.trim() === '') return;
    log.info({ container: name, id }, `removed ${name}: ${why}`);
    const duration_ms = Math.round(performance.now() - startedAtMs);
    audit.write({ operation, outcome: 'succeeded', token: null, container: name, node, subject: id, duration_ms });
  } catch (error) {
    recentFailures.set(id, true);
    log.error({ err: error, container: name, id }, `could not remove ${name}, although ${why}; trying again in ${retryDelayMs / 1000} s`);
  } finally {
    renewals.unmarkAsRemoving(id);
  }
}
