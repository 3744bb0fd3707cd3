import { keys } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';
import type { WorkerReport } from './worker-report.ts';

/** What somebody told, and when. */
export interface Told {
  /** When, in seconds by Redis's clock. */
  readonly time: number;
  readonly json: string;
  readonly report: WorkerReport;
}

/** All that Redis knows of workers and nodes. */
export interface Reports {
  /** Seconds since 1970. */
  readonly now: number;
  /** By the workers' ids. */
  readonly workers: ReadonlyMap<string, Told>;
  /** What was told last of each node. */
  readonly nodes: ReadonlyMap<string, Told>;
  readonly draining: ReadonlySet<string>;
}

const clock = "return redis.call('TIME')[1]";

/**
 * Reads what the workers told.
 * @param before what was read last: a report that has not changed since is the same object, for a fleet has many
 */
export async function readReports(redis: RedisClient, before: Reports | undefined): Promise<Reports> {
  const [now, workers, names, draining] = await Promise.all([
    runScript(redis, clock, [keys.workers], []),
    redis.hgetall(keys.workers),
    redis.hkeys(keys.nodes),
    redis.smembers(keys.draining),
  ]);
  const told = new Map(Object.entries(workers).map(([id, beat]) => [id, readTold(beat, before?.workers.get(id))]));
  // The last one counts: some may be of workers that have died since.
  const inTime = [...told.values()].sort((one, other) => one.time - other.time);
  const nodes = new Map(inTime.map(one => [one.report.node, one]));
  const quiet = names.filter(name => !nodes.has(name));
  const last = quiet.length > 0 ? await redis.hmget(keys.nodes, ...quiet) : [];
  for (const [index, name] of quiet.entries()) {
    const beat = last[index];
    if (beat != null) nodes.set(name, readTold(beat, before?.nodes.get(name)));
  }
  return { now: Number(now), workers: told, nodes, draining: new Set(draining) };
}

function readTold(beat: string, before: Told | undefined): Told {
  const space = beat.indexOf(' ');
  const json = beat.slice(space + 1);
  return { time: Number(beat.slice(0, space)), json, report: before?.json === json ? before.report : JSON.parse(json) };
}
