import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import type { WorkerReport } from './worker-report.ts';

/** The last heartbeat of a worker, or of a node. */
export interface HeartbeatReport {
  /** When it was published, by Redis's clock, in seconds since 1970. */
  readonly publishedSeconds: number;
  readonly json: string;
  readonly report: WorkerReport;
}

/** The heartbeats of all workers and nodes. */
export interface Reports {
  /** Redis's clock, in seconds since 1970. */
  readonly nowSeconds: number;
  /** The last heartbeat of each worker, by the workers' ids. */
  readonly workers: ReadonlyMap<string, HeartbeatReport>;
  /** The last heartbeat from each node. */
  readonly nodes: ReadonlyMap<string, HeartbeatReport>;
  readonly draining: ReadonlySet<string>;
}

const timeScript = "return redis.call('TIME')[1]";

/**
 * Reads the heartbeats of all workers and nodes.
 * @param previous the last reading; unchanged reports are not parsed again, because a fleet has many
 */
export async function readReports(redis: RedisClient, previous: Reports | undefined): Promise<Reports> {
  const [now, workers, names, draining] = await Promise.all([
    runScript(redis, timeScript, [keys.workers], []),
    redis.hgetall(keys.workers),
    redis.hkeys(keys.nodes),
    redis.smembers(keys.draining),
  ]);
  const heartbeats = new Map(Object.entries(workers).map(([id, heartbeat]) => [id, readHeartbeat(heartbeat, previous?.workers.get(id))]));
  // The latest report of a node counts: older ones may be of dead workers.
  const byTime = [...heartbeats.values()].sort((one, other) => one.publishedSeconds - other.publishedSeconds);
  const nodes = new Map(byTime.map(one => [one.report.node, one]));
  const silent = names.filter(name => !nodes.has(name));
  const last = silent.length > 0 ? await redis.hmget(keys.nodes, ...silent) : [];
  for (const [index, name] of silent.entries()) {
    const heartbeat = last[index];
    if (heartbeat != null) nodes.set(name, readHeartbeat(heartbeat, previous?.nodes.get(name)));
  }
  return { nowSeconds: Number(now), workers: heartbeats, nodes, draining: new Set(draining) };
}

function readHeartbeat(heartbeat: string, previous: HeartbeatReport | undefined): HeartbeatReport {
  const separator = heartbeat.indexOf(' ');
  const json = heartbeat.slice(separator + 1);
  const publishedSeconds = Number(heartbeat.slice(0, separator));
  return { publishedSeconds, json, report: previous?.json === json ? previous.report : JSON.parse(json) };
}
