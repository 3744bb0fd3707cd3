import { type RedisClient, runScript } from '@podman-api/redis';
import { runPeriodically } from '@podman-api/runtime';
import { keys } from '../keys.ts';
import type { WorkerReport } from './worker-report.ts';

/**
 * Stores the report of a worker for itself and for its node, with the time of Redis's clock, which all hosts share. The
 * node's report is kept after its workers have exited.
 */
const script = `
local workers, nodes = unpack(KEYS)
local id, node, report = unpack(ARGV)
local heartbeat = redis.call('TIME')[1] .. ' ' .. report
redis.call('HSET', workers, id, heartbeat)
redis.call('HSET', nodes, node, heartbeat)
return ''`;

/** Interval between two heartbeats. */
const intervalMs = 1000;
/**
 * Maximum number of heartbeats whose reply is pending; more are skipped. On a busy host a reply may take longer than the interval, and
 * a worker that waited for it would be counted as dead.
 */
const maxPendingReplies = 5;

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
  const pending = new Set<Promise<unknown>>();
  const publishing = runPeriodically(intervalMs, async () => {
    if (pending.size >= maxPendingReplies) return;
    // An error is ignored, because the next heartbeat repeats the report.
    const published = runScript(redis, script, [keys.workers, keys.nodes], [id, node, JSON.stringify(report())]).catch(() => {});
    pending.add(published);
    void published.finally(() => pending.delete(published));
  });
  return {
    publish: () => publishing.runAfter(0),
    async stop() {
      publishing.stop();
      // A heartbeat that arrived later would bring the report back.
      await Promise.all(pending);
      await redis.hdel(keys.workers, id);
    },
  };
}
