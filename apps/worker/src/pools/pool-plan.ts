import type { Pool, PoolLeaseState, PoolReport } from '@podman-api/cluster';
import { ExpiringMap } from '@podman-api/runtime';
import type { IdleContainers, IdleEntry } from './idle-containers.ts';
import { PoolFailures } from './pool-failures.ts';

/** Age after which the last renewal of the lease no longer counts; shorter than the lease itself. */
const maxLeaseStateAgeMs = 8000;
/** A pool works if one of its containers has run for this time. */
const minLifeMs = 10_000;
/** Pause before a removal is tried again after a failure. */
export const removeRetryMs = 10_000;

/** One step towards the declared pools. */
export type PoolStep =
  | { readonly action: 'remove' | 'prepare'; readonly entry: IdleEntry }
  | { readonly action: 'create'; readonly pool: Pool };

/** Dependencies of a plan. */
export interface PlanParts {
  readonly idle: Pick<IdleContainers, 'entries' | 'leftovers' | 'isCurrent' | 'listOf'>;
  /** Labels of this node. */
  readonly labels: Readonly<Record<string, string>>;
  readonly isPodmanWorking: () => boolean;
}

/** Compares the declared pools with the idle containers of this node, and chooses the next step. Changes neither. */
export class PoolPlan {
  readonly #parts: PlanParts;
  readonly #failures = new PoolFailures();
  /** Ids of containers whose removal has failed recently. */
  readonly #recentRemoveFailures = new ExpiringMap<string, true>(removeRetryMs);
  #pools: ReadonlyMap<string, Pool> = new Map();
  #leaseState: (PoolLeaseState & { readonly atMs: number }) | undefined;

  constructor(parts: PlanParts) {
    this.#parts = parts;
  }

  /** Version of the pools and the lease as last read; `undefined` before the first renewal. */
  get version(): string | undefined {
    return this.#leaseState?.version;
  }

  /** Whether this worker is the one that creates and removes the idle containers of the node. */
  get isKeeper(): boolean {
    return this.#leaseState?.isKeeper === true && performance.now() - this.#leaseState.atMs < maxLeaseStateAgeMs;
  }

  /** The state of each pool on this node; empty if another worker keeps them. */
  get report(): Readonly<Record<string, PoolReport>> {
    if (!this.isKeeper) return {};
    return Object.fromEntries(
      [...this.#pools.values()].map(({ name, revision }) => {
        const failure = this.#failures.get(name);
        const idle = this.#parts.idle.listOf(name, revision).filter(({ isPrepared }) => isPrepared).length;
        return [name, { idle, error: failure?.error ?? null, retry_at: failure ? new Date(failure.retryAtMs).toISOString() : null }];
      }),
    );
  }

  /** Sets the declared pools of all nodes. Discards the failures of those that have changed or were removed. */
  setPools(declared: readonly Pool[]): void {
    const former = this.#pools;
    this.#pools = new Map(declared.filter(pool => this.#isForNode(pool)).map(pool => [pool.name, pool]));
    for (const { name, revision, size } of this.#pools.values())
      if (former.get(name)?.revision !== revision || size === 0) this.#failures.clear(name);
    for (const name of former.keys()) if (!this.#pools.has(name)) this.#failures.clear(name);
  }

  /** Sets the result of a renewal of the lease. @param atMs when it was requested, by this process's clock */
  setLeaseState(state: PoolLeaseState, atMs: number): void {
    this.#leaseState = { ...state, atMs };
  }

  /** Records that a container could not be created or kept, which delays the next attempts of its pool. */
  recordFailure(pool: string, message: string): void {
    this.#failures.record(pool, message);
  }

  /** Records whether a container was removed. */
  recordRemoval(id: string, isRemoved: boolean): void {
    if (isRemoved) this.#recentRemoveFailures.delete(id);
    else this.#recentRemoveFailures.set(id, true);
  }

  /** Returns whether a container has the specification of its pool, the current policy, and was created in this boot of the host. */
  isUpToDate(entry: IdleEntry): boolean {
    return this.#pools.get(entry.pool)?.revision === entry.revision && this.#parts.idle.isCurrent(entry);
  }

  /** Returns the next step; `undefined` if there is nothing to do. */
  nextStep(): PoolStep | undefined {
    const { idle, isPodmanWorking } = this.#parts;
    const entries = [...idle.entries.values()];
    this.#clearFailures(entries);
    const canChange = this.isKeeper && isPodmanWorking();
    const unwanted = canChange ? this.#findUnwanted(entries) : undefined;
    if (unwanted) return { action: 'remove', entry: unwanted };
    const unprepared = entries.find(entry => !entry.isPrepared && this.#isWanted(entry));
    if (unprepared) return { action: 'prepare', entry: unprepared };
    const pool = canChange && this.#leaseState?.isDraining === false ? this.#findNeediestPool() : undefined;
    return pool && { action: 'create', pool };
  }

  /** Forgets the failures of pools whose containers keep running. */
  #clearFailures(entries: readonly IdleEntry[]): void {
    for (const { pool, revision, createdAtMs, isRunning } of entries) {
      const isSettled = isRunning && Date.now() - createdAtMs > minLifeMs && this.#pools.get(pool)?.revision === revision;
      if (isSettled && this.#failures.canTry(pool)) this.#failures.clear(pool);
    }
  }

  #findUnwanted(entries: readonly IdleEntry[]): IdleEntry | undefined {
    const { leftovers } = this.#parts.idle;
    const candidates = [
      ...leftovers,
      ...entries.filter(entry => !this.#isWanted(entry)),
      ...this.#findSurplus(entries),
      ...entries.filter(entry => this.#isExpired(entry)),
    ];
    return candidates.find(({ id }) => !this.#recentRemoveFailures.has(id));
  }

  #findSurplus(entries: readonly IdleEntry[]): readonly IdleEntry[] {
    return [...this.#pools.values()].flatMap(({ name, size }) =>
      entries.filter(entry => entry.pool === name && this.#isWanted(entry)).slice(size),
    );
  }

  /** Returns the pool that has the smallest share of its containers. */
  #findNeediestPool(): Pool | undefined {
    return [...this.#pools.values()]
      .map(pool => ({ pool, missing: pool.size - this.#parts.idle.listOf(pool.name, pool.revision).length }))
      .filter(({ pool, missing }) => missing > 0 && this.#failures.canTry(pool.name))
      .sort((one, other) => other.missing / other.pool.size - one.missing / one.pool.size)[0]?.pool;
  }

  #isWanted(entry: IdleEntry): boolean {
    return this.#leaseState?.isDraining === false && entry.isRunning && this.isUpToDate(entry);
  }

  #isExpired({ pool, createdAtMs }: IdleEntry): boolean {
    const maxIdleSeconds = this.#pools.get(pool)?.max_idle_seconds ?? null;
    return maxIdleSeconds !== null && Date.now() - createdAtMs > maxIdleSeconds * 1000;
  }

  #isForNode({ node_selector }: Pool): boolean {
    return Object.entries(node_selector).every(([label, value]) => this.#parts.labels[label] === value);
  }
}
