import { type RedisServer, type Service, until } from '@podman-api/testing';
import { expect } from 'vitest';
import { checkResponses, startLoad } from './load.ts';

export interface FailOver {
  readonly service: Service;
  /** For execs; its `/log` is written. */
  readonly container: string;
  readonly master: RedisServer;
  /** Makes another server the master. */
  readonly breakMaster: () => unknown;
  /** Makes the old master a replica of its successor. */
  readonly repair: () => Promise<void> | void;
}

/** Jobs that must have been answered before the master fails; half as many after it. */
const warmUpCount = 12;

/**
 * Sends jobs, makes the master fail, sends more until jobs succeed again, and compares the responses with what was done.
 */
export async function failOver({ service, container, master, breakMaster, repair }: FailOver): Promise<void> {
  const { redis, call } = service;
  const load = startLoad(service, container);
  await until(() => load.sent.filter(({ statusCode }) => statusCode < 300).length >= warmUpCount);
  const safeUntil = performance.now();
  await reachReplicas(service);
  const masterCount = (await redis.masters()).length;
  await breakMaster();
  await until(async () => {
    const now = await redis.masters();
    return now.length === masterCount && !now.includes(master);
  });
  const elected = performance.now();
  await until(async () => (await call('GET', '/containers')).status === 200);
  const recoveryMs = performance.now() - elected;
  const before = load.sent.length;
  await until(() => load.sent.slice(before).filter(({ statusCode }) => statusCode < 300).length >= warmUpCount / 2);
  await load.stop();
  await repair();
  const { wrong, ...rest } = await checkResponses(service, container, load.sent, safeUntil);
  process.stderr.write(
    `failover: answers ${Math.round(recoveryMs)} ms after the election, ${load.sent.length} jobs ${JSON.stringify(rest)}\n`,
  );
  expect(wrong).toEqual([]);
  await until(() => inSync(service));
}

/** Resolves when the replicas have all present data of the masters. */
async function reachReplicas({ redis }: Service): Promise<void> {
  const offsets = async (field: string) =>
    (await Promise.all(redis.servers.map(server => server.sendCommand('INFO', 'replication'))))
      .filter(info => field !== 'slave_repl_offset' || info.includes('role:slave'))
      .map(info => Number(new RegExp(`${field}:(\\d+)`).exec(info)?.[1] ?? 0));
  const wanted = Math.max(...(await offsets('master_repl_offset')));
  await until(async () => (await offsets('slave_repl_offset')).some(offset => offset >= wanted));
}

async function inSync({ redis }: Service): Promise<boolean> {
  const infos = await Promise.all(redis.servers.map(server => server.sendCommand('INFO', 'replication').catch(() => '')));
  return infos.every(info => info.includes('role:master') || info.includes('master_link_status:up'));
}
