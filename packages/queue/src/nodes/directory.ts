import type { Redis } from 'ioredis';
import { keys } from '../names.ts';
import type { WorkerReport } from './worker-report.ts';

/** A worker that has told nothing for so long is not alive, in seconds by Redis's clock. */
const quietFor = 10;
const lookEvery = 1000;
/** A look at Redis is fresh for so long, in ms: two looks and the time one may take. */
const freshFor = 3500;
/** A worker is gone that has told nothing while this process looked so long without a gap, in ms. */
const goneAfter = 10_000;

/** What an API process knows of the workers, from one look at Redis a second. */
export interface Directory {
  /** The workers that are alive; empty while Redis is away. */
  readonly workers: readonly WorkerReport[];
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
  /** Resolves after the first look, whatever it saw. */
  readonly ready: Promise<void>;
  stop(): void;
}

/** A worker as the last look saw it. */
interface Seen {
  readonly report: WorkerReport;
  readonly alive: boolean;
  /** What it told last, as it stands in Redis. */
  readonly beat: string;
  /** Since when it has told nothing else, by `performance.now()`. */
  readonly since: number;
}

export function watchWorkers(redis: Redis): Directory {
  const listeners: (() => void)[] = [];
  let seen = new Map<string, Seen>();
  let seenAt = Number.NEGATIVE_INFINITY;
  /** Since when looks have followed each other without a gap. */
  let steadySince = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    try {
      const { now, entries } = await readWorkers(redis);
      const at = performance.now();
      if (!(at - seenAt < freshFor)) steadySince = at;
      seen = new Map(entries.map(entry => [entry.id, see(entry, now, at, steadySince, seen.get(entry.id))]));
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
  const alive = () => (isFresh() ? [...seen.values()].filter(worker => worker.alive).map(({ report }) => report) : []);
  const isSteady = () => isFresh() && seenAt - steadySince > goneAfter;
  const isGone = (worker: string) => isSteady() && !(seenAt - (seen.get(worker)?.since ?? Number.NEGATIVE_INFINITY) <= goneAfter);

  return {
    ready: connected.then(look),
    get fresh() {
      return isFresh();
    },
    get workers() {
      return alive();
    },
    takes: node => alive().some(worker => worker.node === node && !worker.stopping),
    get gone() {
      return [...seen].filter(([id]) => isGone(id)).map(([id, { report }]) => ({ id, node: report.node }));
    },
    isGone,
    abandoned: node => ![...seen].some(([id, { report }]) => report.node === node && !report.stopping && !isGone(id)),
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

interface Entry {
  readonly id: string;
  /** When it told that, in seconds by Redis's clock. */
  readonly time: number;
  readonly beat: string;
  readonly json: string;
}

function see({ time, beat, json }: Entry, now: number, at: number, steadySince: number, before: Seen | undefined): Seen {
  const since = before?.beat === beat ? Math.max(before.since, steadySince) : at;
  return { report: JSON.parse(json), alive: now - time <= quietFor, beat, since };
}

async function readWorkers(redis: Redis): Promise<{ now: number; entries: Entry[] }> {
  const [time, fields] = await Promise.all([redis.time(), redis.hgetall(keys.workers)]);
  const entries = Object.entries(fields).map(([id, beat]) => {
    const space = beat.indexOf(' ');
    return { id, time: Number(beat.slice(0, space)), beat, json: beat.slice(space + 1) };
  });
  return { now: Number(time[0]), entries };
}
