import { type RedisClient, runScript } from '@podman-api/redis';
import { runPeriodically } from '@podman-api/runtime';
import { keys } from '../keys.ts';
import type { WorkerReport } from './worker-report.ts';

/**
 * Stores the report of a worker for itself and for its node, with the time of Redis's clock, which all hosts share. The
 * node's report is kept after its workers have exited.
 */
const script = `
local heartbeat = redis.call('TIME')[1] .. ' ' .. ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], heartbeat)
redis.call('HSET', KEYS[2], ARGV[2], heartbeat)
return ''`;

/** Interval between two heartbeats. */
const intervalMs = 1000;

/** Publishes the report of a worker process every second. */
export interface HeartbeatPublisher {
  /** Publishes a report now. */
  publish(): void;
  /** Stops publishing and removes the worker's report. */
  stop(): Promise<void>;
}

/** Publishes the report of a worker at once and then every second. @param report creates the current report */
export function startHeartbeatPublisher(redis: RedisClient, report: () => WorkerReport): HeartbeatPublisher {
  const { id, node } = report();
  // `every` never sends two reports at a time, so at most one waits while Redis is unavailable.
  const publishing = runPeriodically(intervalMs, async () => {
    await runScript(redis, script, [keys.workers, keys.nodes], [id, node, JSON.stringify(report())]);
  });
  return {
    publish: () => publishing.runAfter(0),
    async stop() {
      publishing.stop();
      await redis.hdel(keys.workers, id);
    },
  };
}
