import type { Redis } from 'ioredis';
import { keys } from '../names.ts';
import type { WorkerReport } from './worker-report.ts';

/** A worker that has told nothing for so long is gone, in seconds by Redis's clock. */
const goneAfter = 10;
/** A worker that is gone is forgotten after a minute. */
const forgottenAfter = 60;
const lookEvery = 1000;
/** A look at Redis is fresh for so long, in ms: two looks and the time one may take. */
const freshFor = 3500;

/** What an API process knows of the workers, from one look at Redis a second. */
export interface Directory {
  /** The workers that are alive; empty while Redis is away. */
  readonly workers: readonly WorkerReport[];
  /** Whether a node has a worker that takes jobs. */
  takes(node: string): boolean;
  /** Whether Redis answered lately. */
  readonly fresh: boolean;
  /** Calls back after each look. */
  onLook(listener: () => void): void;
  /** Resolves after the first look, whatever it saw. */
  readonly ready: Promise<void>;
  stop(): void;
}

export function watchWorkers(redis: Redis): Directory {
  const listeners: (() => void)[] = [];
  let workers: readonly WorkerReport[] = [];
  let seenAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    try {
      workers = await readWorkers(redis);
      seenAt = performance.now();
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

  const alive = () => (isFresh() ? workers : []);

  return {
    ready: connected.then(look),
    get fresh() {
      return isFresh();
    },
    get workers() {
      return alive();
    },
    takes: node => alive().some(worker => worker.node === node && !worker.stopping),
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

async function readWorkers(redis: Redis): Promise<WorkerReport[]> {
  const [time, entries] = await Promise.all([redis.time(), redis.hgetall(keys.workers)]);
  const now = Number(time[0]);
  const beats = Object.entries(entries).map(([id, entry]) => {
    const [seconds = '', ...json] = entry.split(' ');
    return { id, age: now - Number(seconds), json: json.join(' ') };
  });
  const forgotten = beats.filter(({ age }) => age > forgottenAfter).map(({ id }) => id);
  if (forgotten.length > 0) await redis.hdel(keys.workers, ...forgotten);
  return beats.filter(({ age }) => age <= goneAfter).map(({ json }): WorkerReport => JSON.parse(json));
}
