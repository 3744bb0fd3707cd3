import { keys } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';
import type { WorkerReport } from './worker-report.ts';

/**
 * Notes what a worker tells of itself and of its node, with the time by Redis's clock, the only one that all hosts
 * share. What was told of the node stays when its workers have gone.
 */
const script = `
local text = redis.call('TIME')[1] .. ' ' .. ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], text)
redis.call('HSET', KEYS[2], ARGV[2], text)
return ''`;

const beatEvery = 1000;

/** Tells Redis every second what a worker process has to tell. */
export interface Heart {
  /** Tells it now. */
  beat(): void;
  /** Takes the worker out of the list. */
  stop(): Promise<void>;
}

export function startHeart(redis: RedisClient, report: () => WorkerReport): Heart {
  const { id, node } = report();
  // A beat that waits for Redis's return is as good as the next one; there is never more than one.
  let underWay = false;
  const beat = () => {
    if (underWay) return;
    underWay = true;
    runScript(redis, script, [keys.workers, keys.nodes], [id, node, JSON.stringify(report())])
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
