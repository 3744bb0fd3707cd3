import { type RedisServer, type Service, until } from '@podman-api/testing';
import { expect } from 'vitest';
import { judge, startLoad } from './load.ts';

/** Ways to make another server master. */
export type Blow = (victim: RedisServer) => unknown;

export interface FailOver {
  readonly service: Service;
  /** For execs; its `/log` is written. */
  readonly container: string;
  readonly victim: RedisServer;
  readonly blow: Blow;
  /** Makes the victim a replica of its successor. */
  readonly mend: (victim: RedisServer) => Promise<void> | void;
}

/** How long the API may take to answer again once there is a new master, in ms. */
const recovery = 5000;
/** Jobs that must have been answered before the blow. */
const warmUp = 12;

/**
 * Sends jobs, has the master fall in the middle, sends on until all is well again, and compares what was told with what
 * was done.
 */
export async function failOver({ service, container, victim, blow, mend }: FailOver): Promise<void> {
  const { redis, call } = service;
  const load = startLoad(service, container);
  await until(() => load.sent.filter(({ answered }) => answered < 300).length >= warmUp);
  const safeUntil = performance.now();
  await reachReplicas(service);
  const masters = (await redis.masters()).length;
  await blow(victim);
  await until(async () => {
    const now = await redis.masters();
    return now.length === masters && !now.includes(victim);
  });
  const elected = performance.now();
  await until(async () => (await call('GET', '/containers')).status === 200);
  const back = performance.now() - elected;
  const before = load.sent.length;
  await until(() => load.sent.slice(before).filter(({ answered }) => answered < 300).length >= warmUp / 2);
  await load.stop();
  await mend(victim);
  const { wrong, ...rest } = await judge(service, container, load.sent, safeUntil);
  process.stderr.write(`failover: back after ${Math.round(back)} ms, ${load.sent.length} jobs ${JSON.stringify(rest)}\n`);
  expect(wrong).toEqual([]);
  expect(back).toBeLessThan(recovery);
  await until(() => inSync(service));
}

/** Resolves when the replicas have what the masters have now. */
async function reachReplicas({ redis }: Service): Promise<void> {
  const offsets = async (field: string) =>
    (await Promise.all(redis.servers.map(server => server.ask('INFO', 'replication'))))
      .filter(info => field !== 'slave_repl_offset' || info.includes('role:slave'))
      .map(info => Number(new RegExp(`${field}:(\\d+)`).exec(info)?.[1] ?? 0));
  const wanted = Math.max(...(await offsets('master_repl_offset')));
  await until(async () => (await offsets('slave_repl_offset')).some(offset => offset >= wanted));
}

async function inSync({ redis }: Service): Promise<boolean> {
  const infos = await Promise.all(redis.servers.map(server => server.ask('INFO', 'replication').catch(() => '')));
  return infos.every(info => info.includes('role:master') || info.includes('master_link_status:up'));
}
