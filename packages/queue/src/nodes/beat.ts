import type { Redis } from 'ioredis';
import { keys } from '../names.ts';
import type { WorkerReport } from './worker-report.ts';

/** Notes what a worker tells with the time by Redis's clock, the only one that all hosts share. */
const script = "local time = redis.call('TIME') return redis.call('HSET', KEYS[1], ARGV[1], time[1] .. ' ' .. ARGV[2])";

const beatEvery = 1000;

/** Tells Redis every second what a worker process has to tell. */
export interface Heart {
  /** Tells it now. */
  beat(): void;
  /** Takes the worker out of the list. */
  stop(): Promise<void>;
}

export function startHeart(redis: Redis, report: () => WorkerReport): Heart {
  const { id } = report();
  // A beat that waits for Redis's return is as good as the next one; there is never more than one.
  let underWay = false;
  const beat = () => {
    if (underWay) return;
    underWay = true;
    redis
      .eval(script, 1, keys.workers, id, JSON.stringify(report()))
      .catch(() => {})
      .finally(() => {
        underWay = false;
      });
  };
  beat();
  const timer = setInterval(beat, beatEvery);
  return {
    beat,
    async stop() {
      clearInterval(timer);
      await redis.hdel(keys.workers, id);
    },
  };
}
