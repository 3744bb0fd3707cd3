import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import type { WorkerReport } from './worker-report.ts';

/** The last heartbeat of a worker, or of a node. */
export interface HeartbeatReport {
  /** When it was published, in seconds of Redis's clock. */
  readonly time: number;
  readonly json: string;
  readonly report: WorkerReport;
}

/** All that Redis knows of workers and nodes. */
export interface Reports {
  /** Seconds since 1970. */
  readonly now: number;
  /** By the workers' ids. */
  readonly workers: ReadonlyMap<string, HeartbeatReport>;
  /** The last heartbeat from each node. */
  readonly nodes: ReadonlyMap<string, HeartbeatReport>;
  readonly draining: ReadonlySet<string>;
}

const clock = "return redis.call('TIME')[1]";

/**
 * Reads the heartbeats of all workers and nodes.
 * @param before what was read last: a report that has not changed since is the same object, for a fleet has many
 */
export async function readReports(redis: RedisClient, before: Reports | undefined): Promise<Reports> {
  const [now, workers, names, draining] = await Promise.all([
    runScript(redis, clock, [keys.workers], []),
    redis.hgetall(keys.workers),
    redis.hkeys(keys.nodes),
    redis.smembers(keys.draining),
  ]);
  const heartbeats = new Map(Object.entries(workers).map(([id, beat]) => [id, readHeartbeat(beat, before?.workers.get(id))]));
  // The last one counts: some may be of workers that have died since.
  const inTime = [...heartbeats.values()].sort((one, other) => one.time - other.time);
  const nodes = new Map(inTime.map(one => [one.report.node, one]));
  const quiet = names.filter(name => !nodes.has(name));
  const last = quiet.length > 0 ? await redis.hmget(keys.nodes, ...quiet) : [];
  for (const [index, name] of quiet.entries()) {
    const beat = last[index];
    if (beat != null) nodes.set(name, readHeartbeat(beat, before?.nodes.get(name)));
  }
  return { now: Number(now), workers: heartbeats, nodes, draining: new Set(draining) };
}

function readHeartbeat(beat: string, before: HeartbeatReport | undefined): HeartbeatReport {
  const space = beat.indexOf(' ');
  const json = beat.slice(space + 1);
  return { time: Number(beat.slice(0, space)), json, report: before?.json === json ? before.report : JSON.parse(json) };
}
