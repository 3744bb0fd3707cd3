import { type ContainerFeed, type HealthCheck, type KnownContainer, readHealthCheck } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import { type Log, runPeriodically, waitAtMost, withTimeout } from '@podman-api/runtime';

/** Interval at which due checks are started; podman's systemd timers have the same accuracy (AccuracySec=1s). */
const tickMs = 1000;
/** Pause before a container that does not run, or that podman could not inspect, is checked again. */
const idleDelayMs = 15_000;
/** Maximum number of checks that start at the same time. */
const maxStartingChecks = 2;
/** Time after which a running check no longer counts as starting: it then costs only memory. */
const startPhaseMs = 10_000;
/** Maximum number of checks that run at the same time, each with a podman process of about 35 MiB (measured). */
const maxRunningChecks = 16;
/** Time that running checks get when the worker stops; those that take longer are killed, and podman counts them as failed. */
const stopGraceMs = 2000;

/** Dependencies for running health checks. */
export interface HealthCheckParts {
  /** A podman whose commands take no slot of callers' jobs. */
  readonly podman: Pick<Podman, 'shared' | 'checkHealth'>;
  readonly containers: { readonly known: ReadonlyMap<string, KnownContainer> };
  /** Reports the starts of containers, after which they are checked. */
  readonly feed: ContainerFeed;
  /** Whether jobs occupy the worker: checks are then put off by up to their interval. */
  readonly isBusy: () => boolean;
  readonly log: Log;
}

/** Runs the health checks of this host until it is stopped. */
export interface HealthChecks {
  /** Resolves when no check runs any more. */
  stop(): Promise<void>;
}

/** State of a container's checks. */
interface Schedule {
  /** When the container is checked again, in ms since 1970. */
  readonly nextAtMs: number;
  /** When a check that is put off runs in any case, in ms since 1970. */
  readonly latestAtMs: number;
}

/**
 * Runs the health checks of this host's containers on their schedule, as the timers of systemd would: each container's checks one
 * after another, with the interval between the end of one and the start of the next. Podman counts failures and knows the start
 * period. Several workers of a node read the time of the last check from podman, so the interval holds for all of them together.
 */
export function runHealthChecks({ podman, containers, feed, isBusy, log }: HealthCheckParts): HealthChecks {
  const schedules = new Map<string, Schedule>();
  const running = new Map<string, Promise<void>>();
  const starting = new Set<string>();
  /** Containers that have started during a check. */
  const startedMeanwhile = new Set<string>();
  const stopping = new AbortController();
  let isStopped = false;

  const checkIfDue = async (id: string, latestAtMs: number) => {
    const check = await readHealthCheck(podman, id);
    const dueAtMs = nextCheckAt(check);
    if (dueAtMs === undefined || check.intervalMs === undefined) return createSchedule(Date.now() + idleDelayMs, idleDelayMs);
    if (dueAtMs > Date.now()) return createSchedule(dueAtMs, check.intervalMs);
    if (isStopped || (isBusy() && Date.now() < latestAtMs)) return { nextAtMs: Date.now(), latestAtMs };
    await withTimeout(stopping.signal, check.timeoutMs, signal => podman.checkHealth(id, signal));
    return createSchedule(Date.now() + check.intervalMs, check.intervalMs);
  };
  const begin = (id: string, latestAtMs: number) => {
    const done = checkIfDue(id, latestAtMs)
      .catch((error: unknown) => {
        // A container that has been removed meanwhile is not known for much longer.
        log.debug({ err: error, id }, `could not run the health check of ${id}; trying again in ${idleDelayMs / 1000} s`);
        return createSchedule(Date.now() + idleDelayMs, idleDelayMs);
      })
      .then(schedule => {
        if (!startedMeanwhile.delete(id)) schedules.set(id, schedule);
        running.delete(id);
        clearTimeout(timer);
        starting.delete(id);
      });
    running.set(id, done);
    starting.add(id);
    const timer = setTimeout(() => starting.delete(id), startPhaseMs);
  };
  const ticks = runPeriodically(tickMs, async () => {
    const { known } = containers;
    for (const id of schedules.keys()) if (!known.get(id)?.hasHealthCheck) schedules.delete(id);
    const due = [...known.values()]
      .filter(({ id, hasHealthCheck }) => hasHealthCheck && !running.has(id))
      .map(({ id }) => ({ id, ...(schedules.get(id) ?? createSchedule(0, 0)) }))
      .filter(({ nextAtMs }) => nextAtMs <= Date.now())
      .sort((one, other) => one.nextAtMs - other.nextAtMs);
    for (const { id, latestAtMs } of due) {
      if (starting.size >= maxStartingChecks || running.size >= maxRunningChecks) return;
      begin(id, latestAtMs);
    }
  });

  // The next check of a container that was not running may be planned too late.
  const unsubscribe = feed.subscribe({
    onEvent({ id, status }) {
      if (status !== 'start') return;
      schedules.delete(id);
      if (running.has(id)) startedMeanwhile.add(id);
    },
  });

  return {
    async stop() {
      isStopped = true;
      unsubscribe();
      ticks.stop();
      await waitAtMost(stopGraceMs, Promise.all(running.values()));
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}

function createSchedule(nextAtMs: number, maxDelayMs: number): Schedule {
  return { nextAtMs, latestAtMs: nextAtMs + maxDelayMs };
}

/** Returns when a container's next check is due, in ms since 1970; `undefined` if none is. */
function nextCheckAt({ status, intervalMs, startedAtMs, lastEndMs }: HealthCheck): number | undefined {
  if (status !== 'running' || intervalMs === undefined) return undefined;
  return lastEndMs === undefined || lastEndMs < startedAtMs ? startedAtMs : lastEndMs + intervalMs;
}
