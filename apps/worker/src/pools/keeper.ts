import type { Pool, PoolLease, PoolReport, PoolStore } from '@podman-api/cluster';
import { toApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { type Log, runPeriodically, waitAtMost } from '@podman-api/runtime';
import type { ContainersWatch } from '../containers/watch.ts';
import type { CallerActivity } from './caller-activity.ts';
import type { CreateIdle } from './create-idle.ts';
import type { IdleContainers, IdleEntry } from './idle-containers.ts';
import { PoolPlan, type PoolStep, removeRetryMs } from './pool-plan.ts';
import type { Renamer } from './renamer.ts';

/** Interval between two renewals of the lease; each reads the pools if they have changed. */
const leaseRenewIntervalMs = 1000;
/** Interval between two checks for work, unless an event triggers one. */
const workIntervalMs = 1000;
/** Maximum number of remembered exit codes: more containers than end on a node while it creates one. */
const maxExitCodes = 1000;
/** Time limit of the removal of a container by podman. */
const removeTimeoutMs = 60_000;
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
  const { idle, store, lease, containers, activity } = parts;
  const stopController = new AbortController();
  const { signal } = stopController;
  const plan = new PoolPlan(parts);
  const exitCodes = new ExitCodes();
  const runStep = createStepRunner(parts, plan, exitCodes, signal);
  let current: Promise<unknown> = Promise.resolve();

  const leaseTask = runPeriodically(leaseRenewIntervalMs, async () => {
    const requestedAtMs = performance.now();
    const state = await lease.renew();
    if (state.version !== plan.version) {
      plan.setPools(await store.list());
      workTask.runAfter(0);
    }
    plan.setLeaseState(state, requestedAtMs);
  });
  const workTask = runPeriodically(workIntervalMs, async () => {
    if (plan.isKeeper) parts.renamer.addAbandoned();
    // The containers are unknown before the first list.
    while (containers.count !== null && plan.version !== undefined && !signal.aborted) {
      idle.sync(containers.known);
      if (!plan.nextStep()) return;
      // Chosen again when its turn comes, because a caller may have claimed the container meanwhile.
      current = activity.runInTurn(() => runStep(plan.nextStep()), signal);
      await current;
    }
  });
  return {
    get report() {
      return plan.report;
    },
    recordEnd(id, exitCode) {
      exitCodes.record(id, exitCode);
      const entry = idle.entries.get(id);
      if (!entry) return;
      entry.isRunning = false;
      workTask.runAfter(0);
    },
    wake: () => workTask.runAfter(0),
    async stop() {
      stopController.abort();
      leaseTask.stop();
      workTask.stop();
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

/** Exit codes of containers that have ended, which may not be known as idle by then; the latest ones. */
class ExitCodes {
  readonly #codes = new Map<string, number | null>();

  record(id: string, exitCode: number | null): void {
    const [oldest] = this.#codes.keys();
    if (oldest !== undefined && this.#codes.size >= maxExitCodes) this.#codes.delete(oldest);
    this.#codes.set(id, exitCode);
  }

  has(id: string): boolean {
    return this.#codes.has(id);
  }

  /** @returns `null` if podman reported none, `undefined` if the end is not known */
  get(id: string): number | null | undefined {
    return this.#codes.get(id);
  }
}

/** Creates the function that carries out a step of the plan; it never rejects because of podman. */
function createStepRunner(parts: KeeperParts, plan: PoolPlan, exitCodes: ExitCodes, signal: AbortSignal) {
  const { idle, containers, log } = parts;
  const prepare = async (entry: IdleEntry) => {
    await parts.sessions.prepare(entry.fullId);
    entry.isPrepared = true;
  };
  const create = async (pool: Pool) => {
    try {
      const entry = await parts.create(pool, signal);
      if (exitCodes.has(entry.id)) entry.isRunning = false;
      idle.add(entry);
      await prepare(entry);
    } catch (error) {
      if (signal.aborted) return;
      const { message } = toApiError(error);
      plan.recordFailure(pool.name, message);
      log.warn({ pool: pool.name, err: error }, `could not create a container for the pool ${pool.name}: ${message}`);
    }
  };
  const remove = async (entry: IdleEntry) => {
    const { id, name, pool } = entry;
    const isIdle = idle.entries.has(id);
    try {
      if (!(await idle.takeForRemoval(id))) return;
      if (isIdle && !entry.isRunning && plan.isUpToDate(entry)) plan.recordFailure(pool, describeExit(exitCodes.get(id)));
      const args = ['rm', '--force', '--time=0', '--volumes', '--', id];
      await parts.podman.run(args, { signal: AbortSignal.timeout(removeTimeoutMs) });
      plan.recordRemoval(id, true);
    } catch (error) {
      plan.recordRemoval(id, false);
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
  return async (step: PoolStep | undefined): Promise<void> => {
    if (step?.action === 'create') await create(step.pool);
    if (step?.action === 'prepare') await prepare(step.entry);
    if (step?.action === 'remove') await remove(step.entry);
  };
}

function describeExit(exitCode: number | null | undefined): string {
  const how = exitCode == null ? 'ended' : `exited with ${exitCode}`;
  return `An idle container ${how}: give the pool a command that keeps running, such as ["sleep", "infinity"].`;
}
