import { randomBytes } from 'node:crypto';
import { jobLabel, poolLabel } from './service-labels.ts';

/** The pool that a container was created for, according to its labels. */
export interface PoolMembership {
  /** The name of the pool. */
  readonly pool: string;
  /** Revision of the specification that the container was created with; it changes with the pool's specification. */
  readonly revision: string;
  /** Hash of the host's boot and the node's policy when the container was created. Containers of another generation are replaced. */
  readonly generation: string;
  /** Id of the store of claims on its host: workers with another store do not touch the container. */
  readonly store: string;
  /** Id in place of a job, which names the node. */
  readonly job: string;
}

/** Returns the label of a container that is created for a pool: `<pool> <revision> <generation> <store> <job>`. */
export function membershipLabel({ pool, revision, generation, store, job }: PoolMembership): Readonly<Record<string, string>> {
  return { [poolLabel]: `${pool} ${revision} ${generation} ${store} ${job}` };
}

/**
 * Reads the membership of a container from its labels.
 * @returns `undefined` if it has none of its own, or was claimed: an image that was committed from a pool's container has the label too
 */
export function readMembership(labels: Readonly<Record<string, string>>): PoolMembership | undefined {
  const [pool = '', revision = '', generation = '', store = '', job] = (labels[poolLabel] ?? '').split(' ');
  return job !== undefined && job === labels[jobLabel] ? { pool, revision, generation, store, job } : undefined;
}

/** Returns a new name for a container of a pool: `pool-<pool>-<12 hex digits>`. */
export function newContainerName(pool: string): string {
  return `pool-${pool}-${randomBytes(6).toString('hex')}`;
}
