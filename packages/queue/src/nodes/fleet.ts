import type { RedisClient } from '../redis.ts';
import { type Node, nodeOf } from './node.ts';
import { type Reports, readReports, type Told } from './read-reports.ts';
import type { WorkerReport } from './worker-report.ts';

/** A worker that has told nothing for so long is not alive, in seconds by Redis's clock. */
const quietFor = 10;
const lookEvery = 1000;
/** A look at Redis is fresh for so long, in ms: two looks and the time one may take. */
const freshFor = 3500;
/** A worker is gone that has told nothing while this process looked so long without a gap, in ms. */
const goneAfter = 10_000;

/** What an API process knows of the nodes and their workers, from one look at Redis a second. */
export interface Fleet {
  /** The workers that are alive; empty while Redis is away. */
  readonly workers: readonly WorkerReport[];
  /** All nodes that have ever been there and were not forgotten, by name, as the last look saw them. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Whether a node has a worker that takes jobs. */
  takes(node: string): boolean;
  /**
   * The workers that have died: they had ten seconds to tell something, of Redis's being there and of this
   * process's looking. An outage of Redis, or a process that stood still, makes nobody dead.
   */
  readonly gone: readonly { readonly id: string; readonly node: string }[];
  /** Whether a worker, known or not, has died in that sense. */
  isGone(worker: string): boolean;
  /** Whether all workers of a node have died in that sense, or said that they take nothing new. */
  abandoned(node: string): boolean;
  /** Whether Redis answered lately. */
  readonly fresh: boolean;
  /** Calls back after each look. */
  onLook(listener: () => void): void;
  /** Looks now, to see what has just been changed. */
  look(): Promise<void>;
  /** Resolves after the first look, whatever it saw. */
  readonly ready: Promise<void>;
  stop(): void;
}

/** A worker as the last look saw it. */
interface Seen extends Told {
  readonly alive: boolean;
  /** Since when it has told nothing else, by `performance.now()`. */
  readonly since: number;
}

export function watchFleet(redis: RedisClient): Fleet {
  const listeners: (() => void)[] = [];
  let reports: Reports | undefined;
  let seen: ReadonlyMap<string, Seen> = new Map();
  let nodes: ReadonlyMap<string, Node> = new Map();
  let seenAt = Number.NEGATIVE_INFINITY;
  /** Since when looks have followed each other without a gap. */
  let steadySince = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    try {
      reports = await readReports(redis, reports);
      const { now, workers } = reports;
      const at = performance.now();
      if (!(at - seenAt < freshFor)) steadySince = at;
      seen = new Map([...workers].map(([id, told]) => [id, see(told, now, at, steadySince, seen.get(id))]));
      nodes = nodesOf(reports, seen);
      seenAt = at;
    } catch {
      seenAt = Number.NEGATIVE_INFINITY;
    }
    for (const listener of listeners) listener();
  };
  const lookOnAndOn = async () => {
    await look();
    timer = timer && setTimeout(lookOnAndOn, lookEvery);
  };
  const lost = () => {
    seenAt = Number.NEGATIVE_INFINITY;
  };
  timer = setTimeout(lookOnAndOn, lookEvery);
  redis.on('close', lost).on('ready', look);
  const connected = new Promise<unknown>(resolve => redis.once('ready', resolve).once('close', resolve));

  const isFresh = () => performance.now() - seenAt < freshFor;
  const isSteady = () => isFresh() && seenAt - steadySince > goneAfter;
  const isGone = (worker: string) => isSteady() && !(seenAt - (seen.get(worker)?.since ?? Number.NEGATIVE_INFINITY) <= goneAfter);

  return {
    ready: connected.then(look),
    look,
    get fresh() {
      return isFresh();
    },
    get workers() {
      return isFresh() ? [...seen.values()].filter(worker => worker.alive).map(({ report }) => report) : [];
    },
    get nodes() {
      return nodes;
    },
    takes: node => isFresh() && (nodes.get(node)?.status ?? 'offline') !== 'offline',
    get gone() {
      return [...seen].filter(([id]) => isGone(id)).map(([id, { report }]) => ({ id, node: report.node }));
    },
    isGone,
    abandoned: node =>
      (nodes.get(node)?.status ?? 'offline') === 'offline' &&
      ![...seen].some(([id, { report }]) => report.node === node && !report.stopping && !isGone(id)),
    onLook(listener) {
      listeners.push(listener);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      redis.off('close', lost).off('ready', look);
    },
  };
}

function see(told: Told, now: number, at: number, steadySince: number, before: Seen | undefined): Seen {
  const since = before?.time === told.time && before.json === told.json ? Math.max(before.since, steadySince) : at;
  return { ...told, alive: now - told.time <= quietFor, since };
}

function nodesOf({ nodes, draining }: Reports, seen: ReadonlyMap<string, Seen>): Map<string, Node> {
  const alive = Map.groupBy(
    [...seen.values()].filter(worker => worker.alive).map(({ report }) => report),
    ({ node }) => node,
  );
  return new Map(
    [...nodes]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { report, time }]) => [
        name,
        nodeOf({ alive: alive.get(name) ?? [], last: report, seen: time, draining: draining.has(name) }),
      ]),
  );
}
