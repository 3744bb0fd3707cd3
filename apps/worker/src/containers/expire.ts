import type { Known } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import type { Audit, Log } from '@podman-api/runtime';
import type { KeptRenewals } from './renewals.ts';
import { type Rounds, startRounds } from './rounds.ts';
import type { ContainersWatch } from './watch.ts';

/** How often it is looked whose time is over, in ms. */
const lookEvery = 500;
/** One that could not be removed is tried again after so long, in ms. */
const pause = 10_000;
/** How long podman may take to remove one, in ms. */
const patience = 60_000;

/** What ends containers works with. */
export interface ExpiryParts {
  readonly podman: Pick<Podman, 'run'>;
  readonly node: string;
  readonly containers: ContainersWatch;
  readonly renewals: KeptRenewals;
  readonly log: Log;
  readonly audit: Audit;
}

/**
 * Removes containers by force whose time is over. It needs nothing but this host, and goes by the id: one that has
 * taken another's name stays.
 */
export function endExpired(parts: ExpiryParts): Rounds {
  const { containers, renewals } = parts;
  const failed = new Map<string, number>();
  const underWay = new Set<string>();
  return startRounds(async () => {
    const due = [...containers.known.values()].filter(one => {
      const isOver = (renewals.get(one.id) ?? one.expires ?? Number.POSITIVE_INFINITY) <= Date.now();
      return isOver && !underWay.has(one.id) && performance.now() - (failed.get(one.id) ?? Number.NEGATIVE_INFINITY) > pause;
    });
    // One that podman hangs on keeps nobody else alive.
    for (const one of due) {
      underWay.add(one.id);
      void remove(parts, one, failed)
        .catch(() => {})
        .finally(() => underWay.delete(one.id));
    }
  }, lookEvery);
}

async function remove({ podman, node, containers, renewals, log, audit }: ExpiryParts, container: Known, failed: Map<string, number>) {
  const { id, name, expires } = container;
  const started = performance.now();
  try {
    // Who renews it from here on waits for what becomes of it.
    renewals.beginEnd(id);
    if ((renewals.read(id) ?? expires ?? 0) > Date.now()) return;
    const removed = await podman.run(['rm', '--force', '--time=0', '--volumes', '--', id], { signal: AbortSignal.timeout(patience) });
    failed.delete(id);
    containers.drop(container);
    // Another worker of the node, or somebody, was first: by force, podman says nothing then.
    if (removed.trim() === '') return;
    log.info({ container: name, id }, `removed ${name}: its time was over`);
    const duration_ms = Math.round(performance.now() - started);
    audit.write({ operation: 'container.expire', outcome: 'succeeded', token: null, container: name, node, subject: id, duration_ms });
  } catch (error) {
    failed.set(id, performance.now());
    log.error({ err: error, container: name, id }, `${name} could not be removed though its time is over`);
  } finally {
    renewals.ceaseEnd(id);
  }
}
