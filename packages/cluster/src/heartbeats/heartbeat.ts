import { type RedisClient, runScript } from '@podman-api/redis';
import { every } from '@podman-api/runtime';
import { keys } from '../keys.ts';
import type { WorkerReport } from './worker-report.ts';

/**
 * Stores the report of a worker for itself and for its node, with the time of Redis's clock, which all hosts share. The
 * node's report stays when its workers are gone.
 */
const script = `
local text = redis.call('TIME')[1] .. ' ' .. ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], text)
redis.call('HSET', KEYS[2], ARGV[2], text)
return ''`;

const intervalMs = 1000;

/** Publishes what a worker process reports of itself, every second. */
export interface Heartbeat {
  /** Publishes a report now. */
  beat(): void;
  /** Removes the worker from the list. */
  stop(): Promise<void>;
}

export function startHeartbeat(redis: RedisClient, report: () => WorkerReport): Heartbeat {
  const { id, node } = report();
  // A report that waits for Redis's return is as good as the next one: `every` never sends two at a time.
  const beats = every(intervalMs, async () => {
    await runScript(redis, script, [keys.workers, keys.nodes], [id, node, JSON.stringify(report())]);
  });
  return {
    beat: () => beats.soon(0),
    async stop() {
      beats.stop();
      await redis.hdel(keys.workers, id);
    },
  };
}
