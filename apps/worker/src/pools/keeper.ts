import type { Pool, PoolDuty, PoolLease, PoolReport, PoolStore } from '@podman-api/cluster';
import { toApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { type Log, runPeriodically, waitAtMost } from '@podman-api/runtime';
import type { ContainersWatch } from '../containers/watch.ts';
import type { CallerActivity } from './caller-activity.ts';
import type { CreateIdle } from './create-idle.ts';
import type { IdleContainers, IdleEntry } from './idle-containers.ts';
import { PoolFailures } from './pool-failures.ts';
import type { Renamer } from './renamer.ts';

/** Interval between two readings of the lease, and of the pools if they have changed. */
const dutyIntervalMs = 1000;
/** Age after which a reading of the lease no longer counts: less than the time of the lease. */
const maxDutyAgeMs = 8000;
/** Interval between two checks for work, unless an event triggers one. */
const workIntervalMs = 1000;
/** A pool works if one of its containers has run for this time. */
const minLifeMs = 10_000;
/** Maximum number of remembered exit codes: more containers than end on a node while it creates one. */
const maxExitCodes = 1000;
/** Time limit of the removal of a container by podman. */
const removeTimeoutMs = 60_000;
/** Pause before a removal is tried again after a failure. */
const removeRetryMs = 10_000;
/** Time for work that has begun to end when the process stops. */
const stopTimeoutMs = 10_000;

/** Dependencies for keeping the pools of a node. */
export interface KeeperParts {
  readonly idle: IdleContainers;
  readonly store: Pick<PoolStore, 'list'>;
  readonly lease: PoolLease;
  readonly containers: Pick<ContainersWatch, 'known' | 'count' | 'recordEffect'>;
  /** Podman for background work, beyond the limit on commands of callers. */
  readonly podman: Podman;
  /** Podman of the callers' commands, which has their sessions. */
  readonly sessions: Podman['earlySessions'];
  readonly create: CreateIdle;
  readonly renamer: Pick<Renamer, 'addAbandoned'>;
  readonly activity: CallerActivity;
  /** Labels of this node. */
  readonly labels: Readonly<Record<string, string>>;
  readonly isPodmanWorking: () => boolean;
  readonly log: Log;
}

/** Keeps the pools of a node. */
export interface Keeper {
  /** The state of each pool on this node; empty if another worker keeps them. */
  readonly report: Readonly<Record<string, PoolReport>>;
  /** Records that a container has ended. */
  recordEnd(id: string, exitCode: number | null): void;
  /** Checks for work now. */
  wake(): void;
  /** Resolves when the work that had begun has ended. */
  stop(): Promise<void>;
}

/**
 * Starts keeping the pools of a node: one worker creates and removes idle containers, one after the other and in turn with the jobs
 * of callers; every worker opens its sessions in them.
 */
export function keepPools(parts: KeeperParts): Keeper {
  const { idle, store, lease, containers, activity, log } = parts;
  const stopController = new AbortController();
  const { signal } = stopController;
  const failures = new PoolFailures();
  let pools: ReadonlyMap<string, Pool> = new Map();
  let duty: (PoolDuty & { readonly atMs: number }) | undefined;
  /** When removals failed, by this process's clock in ms. */
  const removeFailedMs = new Map<string, number>();
  /** Exit codes of containers that have ended, which may not be known as idle by then; the latest ones. */
  const exitCodes = new Map<string, number | null>();
  let current: Promise<unknown> = Promise.resolve();

  const duties = runPeriodically(dutyIntervalMs, async () => {
    const atMs = performance.now();
    const { version, ...rest } = await lease.renew();
    if (version !== duty?.version) {
      const former = pools;
      pools = new Map((await store.list()).filter(isForNode(parts.labels)).map(pool => [pool.name, pool]));
      for (const { name, revision, size } of pools.values())
        if (former.get(name)?.revision !== revision || size === 0) failures.clear(name);
      working.runAfter(0);
    }
    duty = { version, ...rest, atMs };
  });
  const isKeeper = () => duty?.isKeeper === true && performance.now() - duty.atMs < maxDutyAgeMs;

  const isWanted = (entry: IdleEntry) => {
    const pool = pools.get(entry.pool);
    return pool?.revision === entry.revision && duty?.isDraining === false && idle.isCurrent(entry) && entry.isRunning;
  };
  const isExpired = ({ pool, createdAtMs }: IdleEntry) => {
    const maxIdleSeconds = pools.get(pool)?.max_idle_seconds ?? null;
    return maxIdleSeconds !== null && Date.now() - createdAtMs > maxIdleSeconds * 1000;
  };
  const surplus = () =>
    [...pools.values()].flatMap(({ name, revision, size }) => {
      const own = [...idle.entries.values()].filter(entry => entry.pool === name && entry.revision === revision && isWanted(entry));
      return own.slice(size);
    });
  const remove = async (entry: IdleEntry) => {
    const { id, name, pool } = entry;
    const isNew = idle.entries.has(id);
    try {
      if (!(await idle.takeForRemoval(id))) return;
      const hasEnded = isNew && !entry.isRunning && idle.isCurrent(entry) && pools.get(pool)?.revision === entry.revision;
      if (hasEnded) failures.record(pool, endedMessage(exitCodes.get(id)));
      const args = ['rm', '--force', '--time=0', '--volumes', '--', id];
      await parts.podman.run(args, { signal: AbortSignal.timeout(removeTimeoutMs) });
      removeFailedMs.delete(id);
    } catch (error) {
      removeFailedMs.set(id, performance.now());
      log.error(
        { err: error, container: name, pool },
        `could not remove ${name} of the pool ${pool}; trying again in ${removeRetryMs / 1000} s`,
      );
      return;
    }
    // Without Redis the directory is updated by the next list.
    await containers.recordEffect({ removed: id }, '', undefined).catch(() => {});
    log.debug({ container: name, pool }, `removed ${name} of the pool ${pool}`);
  };
  const fill = async (pool: Pool) => {
    try {
      const entry = await parts.create(pool, signal);
      if (exitCodes.has(entry.id)) entry.isRunning = false;
      idle.add(entry);
      entry.isPrepared = await prepare(entry);
    } catch (error) {
      if (signal.aborted) return;
      const { message } = toApiError(error);
      failures.record(pool.name, message);
      log.warn({ pool: pool.name, err: error }, `could not create a container for the pool ${pool.name}: ${message}`);
    }
  };
  const prepare = async (entry: IdleEntry) => {
    await parts.sessions.prepare(entry.fullId);
    return true;
  };
  /** The pool that has the smallest share of its containers. */
  const neediest = () =>
    [...pools.values()]
      .map(pool => ({ pool, missing: pool.size - idle.listOf(pool.name, pool.revision).length }))
      .filter(({ pool, missing }) => missing > 0 && failures.canTry(pool.name))
      .sort((one, other) => other.missing / other.pool.size - one.missing / one.pool.size)[0]?.pool;

  /** Returns the next piece of work; `undefined` if there is none. */
  const nextWork = (): (() => Promise<unknown>) | undefined => {
    const entries = [...idle.entries.values()];
    for (const { pool, revision, createdAtMs, isRunning } of entries) {
      const isSettled = isRunning && Date.now() - createdAtMs > minLifeMs && pools.get(pool)?.revision === revision;
      if (isSettled && failures.canTry(pool)) failures.clear(pool);
    }
    if (isKeeper() && parts.isPodmanWorking()) {
      const candidates = [...idle.leftovers, ...entries.filter(entry => !isWanted(entry)), ...surplus(), ...entries.filter(isExpired)];
      const unwanted = candidates.find(
        ({ id }) => performance.now() - (removeFailedMs.get(id) ?? Number.NEGATIVE_INFINITY) > removeRetryMs,
      );
      if (unwanted) return () => remove(unwanted);
    }
    const unprepared = entries.find(entry => !entry.isPrepared && isWanted(entry));
    if (unprepared) {
      return async () => {
        unprepared.isPrepared = await prepare(unprepared);
      };
    }
    if (!isKeeper() || duty?.isDraining !== false || !parts.isPodmanWorking()) return undefined;
    const pool = neediest();
    return pool && (() => fill(pool));
  };
  const working = runPeriodically(workIntervalMs, async () => {
    if (isKeeper()) parts.renamer.addAbandoned();
    // Before the first list it is not known which containers there are.
    while (containers.count !== null && duty !== undefined && !signal.aborted) {
      idle.sync(containers.known);
      if (!nextWork()) return;
      // Chosen again when its turn comes, because a caller may have claimed the container meanwhile.
      current = activity.runInTurn(async () => nextWork()?.(), signal);
      await current;
    }
  });
  return {
    get report() {
      if (!isKeeper()) return {};
      return Object.fromEntries(
        [...pools.values()].map(({ name, revision }) => {
          const failure = failures.get(name);
          const retry_at = failure ? new Date(failure.retryAtMs).toISOString() : null;
          return [
            name,
            { idle: idle.listOf(name, revision).filter(({ isPrepared }) => isPrepared).length, error: failure?.error ?? null, retry_at },
          ];
        }),
      );
    },
    recordEnd(id, exitCode) {
      const [oldest] = exitCodes.keys();
      if (oldest !== undefined && exitCodes.size >= maxExitCodes) exitCodes.delete(oldest);
      exitCodes.set(id, exitCode);
      const entry = idle.entries.get(id);
      if (!entry) return;
      entry.isRunning = false;
      working.runAfter(0);
    },
    wake: () => working.runAfter(0),
    async stop() {
      stopController.abort();
      duties.stop();
      working.stop();
      await waitAtMost(
        stopTimeoutMs,
        current.catch(() => {}),
      );
      await waitAtMost(
        stopTimeoutMs,
        lease.release().catch(() => {}),
      );
    },
  };
}

function isForNode(labels: Readonly<Record<string, string>>) {
  return ({ node_selector }: Pool) => Object.entries(node_selector).every(([label, value]) => labels[label] === value);
}

function endedMessage(exitCode: number | null | undefined): string {
  const how = exitCode == null ? 'ended' : `exited with ${exitCode}`;
  return `An idle container ${how}: give the pool a command that keeps running, such as ["sleep", "infinity"].`;
}
