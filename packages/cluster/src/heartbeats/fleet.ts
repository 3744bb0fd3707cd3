import { isCommandTimeout, type RedisClient } from '@podman-api/redis';
import { createSingleFlight, runPeriodically, withActiveTimeout } from '@podman-api/runtime';
import { keys } from '../keys.ts';
import { describeNode, type Node } from './node.ts';
import { type HeartbeatReport, type Reports, readReports } from './read-reports.ts';
import type { WorkerReport } from './worker-report.ts';

/** Maximum age of the last heartbeat of a worker that is alive, by Redis's clock. */
const heartbeatTimeoutSeconds = 10;
/** Pause between two readings. */
const pollIntervalMs = 1000;
/** Redis counts as unavailable if this process has waited longer for a reading; see `withActiveTimeout`. */
const readTimeoutMs = 2000;
/** Longest time between two readings that still counts as continuous observation: two polls and a reading. */
const maxGapMs = 3500;
/** A worker has died if it has sent no heartbeat while this process observed without a gap for longer than this. */
const deathTimeoutMs = 10_000;
/** Time after which a worker without a heartbeat is forgotten, so that ids in manipulated records do not stay in memory. */
const maxMissingMs = 10 * deathTimeoutMs;
/** Callers stop waiting for a worker that has missed about five heartbeats. */
const responsiveWithinMs = 5000;

/** The nodes and workers of the fleet, read from Redis every second. */
export interface Fleet {
  /** The workers that are alive; empty while Redis is unavailable. */
  readonly workers: readonly WorkerReport[];
  /** All nodes, also offline ones, except those that were removed; by name, as of the last reading. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Whether a node has a worker that takes jobs. */
  canTakeJobs(node: string): boolean;
  /** Whether a node that takes jobs has sent a heartbeat in the last seconds, so that a slow answer can still be expected. */
  isResponsive(node: string): boolean;
  /**
   * The dead workers: those without a heartbeat for ten seconds in which Redis was available and this process read without a
   * gap. An outage of Redis, or a delay of this process, makes no worker dead.
   */
  readonly deadWorkers: readonly { readonly id: string; readonly node: string }[];
  /**
   * Whether a worker is dead, see `deadWorkers`. So is one without any heartbeat, ten seconds after this was first called for it: a worker
   * that has just started is in none of the readings yet.
   */
  isDead(worker: string): boolean;
  /** Whether each worker of a node is dead, see `deadWorkers`, or stopping. */
  isAbandoned(node: string): boolean;
  /** Whether Redis answered the last reading and the connection has been open since. */
  readonly isRedisAvailable: boolean;
  /** Removes a dead worker, after all its jobs have been ended. */
  forgetWorker(worker: string): Promise<void>;
  /** Registers a callback for the end of each reading. */
  onRefresh(listener: () => void): void;
  /** Reads now, so that a change that was just made is visible. */
  refresh(): Promise<void>;
  /** Resolves after the first reading, even if it failed. */
  readonly ready: Promise<void>;
  stop(): void;
}

/** A worker as of the last reading. */
interface ObservedWorker extends HeartbeatReport {
  readonly isAlive: boolean;
  /** When its heartbeat changed last, or when observation became continuous again, by `performance.now()`. */
  readonly unchangedSinceMs: number;
}

/** Reads the fleet from Redis every second until `stop` is called. */
export function watchFleet(redis: RedisClient): Fleet {
  const listeners: (() => void)[] = [];
  let reports: Reports | undefined;
  let observed: ReadonlyMap<string, ObservedWorker> = new Map();
  let nodes: ReadonlyMap<string, Node> = new Map();
  /** When the last reading ended, by `performance.now()`; `undefined` while Redis is unavailable. */
  let readAtMs: number | undefined;
  let continuousSinceMs = Number.POSITIVE_INFINITY;
  /** When `isDead` was first called for a worker without a heartbeat, by its id. */
  const missingSinceMs = new Map<string, number>();
  const singleFlight = createSingleFlight<void>();

  const read = async () => {
    try {
      reports = await readInTime(redis, reports);
      const { nowSeconds, workers } = reports;
      const atMs = performance.now();
      if (readAtMs === undefined || atMs - readAtMs >= maxGapMs) continuousSinceMs = atMs;
      observed = new Map(
        [...workers].map(([id, heartbeat]) => [id, observe(heartbeat, nowSeconds, atMs, continuousSinceMs, observed.get(id))]),
      );
      for (const [id, sinceMs] of missingSinceMs) if (observed.has(id) || atMs - sinceMs > maxMissingMs) missingSinceMs.delete(id);
      nodes = describeNodes(reports, observed);
      readAtMs = atMs;
    } catch {
      readAtMs = undefined;
    }
    for (const listener of listeners) listener();
  };
  // One reading at a time, so that an older one never replaces a newer one.
  const refresh = () => singleFlight('refresh', read);
  const onClose = () => {
    readAtMs = undefined;
  };
  const polling = runPeriodically(pollIntervalMs, refresh);
  redis.on('close', onClose).on('ready', refresh);
  const connected = new Promise<unknown>(resolve => redis.once('ready', resolve).once('close', resolve));

  const lastHeartbeatMs = (worker: string) => {
    const unchangedSinceMs = observed.get(worker)?.unchangedSinceMs;
    if (unchangedSinceMs !== undefined) return unchangedSinceMs;
    const sinceMs = missingSinceMs.get(worker) ?? performance.now();
    missingSinceMs.set(worker, sinceMs);
    return sinceMs;
  };
  const silenceMs = (worker: string, atMs: number) => atMs - lastHeartbeatMs(worker);
  const isDead = (worker: string) =>
    readAtMs !== undefined && readAtMs - continuousSinceMs > deathTimeoutMs && silenceMs(worker, readAtMs) > deathTimeoutMs;
  const canTakeJobs = (node: string) => readAtMs !== undefined && (nodes.get(node)?.status ?? 'offline') !== 'offline';

  return {
    ready: connected.then(refresh),
    refresh,
    get isRedisAvailable() {
      return readAtMs !== undefined;
    },
    get workers() {
      return readAtMs === undefined ? [] : [...observed.values()].filter(worker => worker.isAlive).map(({ report }) => report);
    },
    get nodes() {
      return nodes;
    },
    canTakeJobs,
    isResponsive(node) {
      if (readAtMs === undefined || !canTakeJobs(node)) return false;
      const atMs = readAtMs;
      return [...observed].some(
        ([id, { report }]) => report.node === node && !report.stopping && silenceMs(id, atMs) <= responsiveWithinMs,
      );
    },
    get deadWorkers() {
      return [...observed].filter(([id]) => isDead(id)).map(([id, { report }]) => ({ id, node: report.node }));
    },
    isDead,
    isAbandoned: node =>
      (nodes.get(node)?.status ?? 'offline') === 'offline' &&
      ![...observed].some(([id, { report }]) => report.node === node && !report.stopping && !isDead(id)),
    async forgetWorker(worker) {
      await redis.hdel(keys.workers, worker);
    },
    onRefresh(listener) {
      listeners.push(listener);
    },
    stop() {
      polling.stop();
      redis.off('close', onClose).off('ready', refresh);
    },
  };
}

/** Reads the heartbeats; a command that timed out while this process had no CPU is sent again. */
async function readInTime(redis: RedisClient, previous: Reports | undefined): Promise<Reports> {
  let isSettled = false;
  const read = async (): Promise<Reports> => {
    try {
      return await readReports(redis, previous);
    } catch (error) {
      if (!isSettled && isCommandTimeout(error)) return read();
      throw error;
    }
  };
  try {
    return await withActiveTimeout(read(), readTimeoutMs, () => new Error('Redis does not answer'));
  } finally {
    isSettled = true;
  }
}

/**
 * Determines whether a worker is alive. It is if its heartbeat is recent by Redis's clock. It still is if it was alive before and its
 * heartbeat has not changed for less than `deathTimeoutMs` of continuous observation: when Redis or this process was frozen, all heartbeats
 * are old at once.
 */
function observe(
  heartbeat: HeartbeatReport,
  nowSeconds: number,
  atMs: number,
  continuousSinceMs: number,
  previous: ObservedWorker | undefined,
): ObservedWorker {
  const isUnchanged = previous?.publishedSeconds === heartbeat.publishedSeconds && previous.json === heartbeat.json;
  const unchangedSinceMs = isUnchanged ? Math.max(previous.unchangedSinceMs, continuousSinceMs) : atMs;
  const isRecent = nowSeconds - heartbeat.publishedSeconds <= heartbeatTimeoutSeconds;
  return { ...heartbeat, unchangedSinceMs, isAlive: isRecent || (previous?.isAlive === true && atMs - unchangedSinceMs <= deathTimeoutMs) };
}

function describeNodes({ nodes, draining }: Reports, observed: ReadonlyMap<string, ObservedWorker>): Map<string, Node> {
  const alive = Map.groupBy(
    [...observed.values()].filter(worker => worker.isAlive).map(({ report }) => report),
    ({ node }) => node,
  );
  return new Map(
    [...nodes]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { report, publishedSeconds }]) => [
        name,
        describeNode({ alive: alive.get(name) ?? [], last: report, lastSeenSeconds: publishedSeconds, isDraining: draining.has(name) }),
      ]),
  );
}
