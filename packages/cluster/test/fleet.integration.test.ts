import { setTimeout as delay } from 'node:timers/promises';
import { createBlockingClient, createFailFastClient, type RedisClient } from '@podman-api/redis';
import { readConfig } from '@podman-api/runtime';
import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fleet, watchFleet } from '../src/heartbeats/fleet.ts';
import { type HeartbeatPublisher, startHeartbeatPublisher } from '../src/heartbeats/heartbeat.ts';
import { keys } from '../src/keys.ts';
import { createWorkerReport } from './worker-report.ts';

const report = createWorkerReport();

/** Blocks the event loop, as in a process that gets no CPU time. It uses none itself, which other tests need. */
function block(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

describe('watchFleet', () => {
  let server: TestRedis;
  let workerRedis: RedisClient;
  let apiRedis: RedisClient;
  let heartbeat: HeartbeatPublisher;
  let fleet: Fleet;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const address = readConfig({ REDIS_URL: server.url }, ['REDIS_URL']).REDIS_URL;
    workerRedis = createBlockingClient(address);
    apiRedis = createFailFastClient(address);
    heartbeat = startHeartbeatPublisher(workerRedis, () => report);
    fleet = watchFleet(apiRedis);
    await fleet.ready;
    await until(() => fleet.canTakeJobs('a'));
  });
  afterEach(async () => {
    fleet.stop();
    await heartbeat.stop();
    apiRedis.disconnect();
    workerRedis.disconnect();
  });

  it('reports neither Redis as unavailable nor the worker as dead after this process had no CPU, between two readings or during one', async () => {
    const states: boolean[] = [];
    fleet.onRefresh(() => states.push(fleet.isRedisAvailable));
    const expectAlive = () => {
      expect(fleet).toMatchObject({ isRedisAvailable: true, workers: [report] });
      expect(fleet.canTakeJobs('a')).toBe(true);
      expect(fleet.isResponsive('a')).toBe(true);
    };
    // Longer than the longest gap between two readings.
    block(4000);
    expectAlive();
    const reading = fleet.refresh();
    // Longer than the limit of a reading.
    block(6000);
    expectAlive();
    await reading;
    await fleet.refresh();
    expect(states.every(Boolean)).toBe(true);
  });

  it('reports Redis as unavailable while it does not answer, and no node as offline afterwards', async () => {
    server.freeze();
    await until(() => !fleet.isRedisAvailable);
    expect(fleet.workers).toEqual([]);
    server.thaw();
    await until(() => fleet.isRedisAvailable);
    expect(fleet.nodes.get('a')?.status).toBe('ready');
    expect(fleet.deadWorkers).toEqual([]);
  });

  it('gets heartbeats without waiting for the reply to the last one, at most five at a time', async () => {
    let count = 0;
    const publisher = startHeartbeatPublisher(workerRedis, () => {
      count += 1;
      return report;
    });
    try {
      await until(() => count > 1);
      server.freeze();
      const before = count;
      await until(() => count >= before + 4);
      // The reply to one of them may have come just before.
      for (let extra = 0; extra < 10; extra += 1) {
        publisher.publish();
        await delay(10);
      }
      expect(count).toBeLessThanOrEqual(before + 6);
      server.thaw();
      await until(() => count > before + 6);
    } finally {
      server.thaw();
      await publisher.stop();
    }
  });

  it('keeps a worker alive whose heartbeat is old because Redis was frozen', async () => {
    // A reading between the two changes below would find no worker.
    fleet.stop();
    await heartbeat.stop();
    const [seconds = ''] = (await server.sendCommand('TIME')).split('\n');
    await server.sendCommand('HSET', keys.workers, report.id, `${Number(seconds) - 60} ${JSON.stringify(report)}`);
    await fleet.refresh();
    expect(fleet.canTakeJobs('a')).toBe(true);
  });

  it('stops waiting for a silent worker first, then reports its node as offline, then the worker as dead', async () => {
    await heartbeat.stop();
    const [seconds = ''] = (await server.sendCommand('TIME')).split('\n');
    await server.sendCommand('HSET', keys.workers, report.id, `${seconds} ${JSON.stringify(report)}`);
    await until(() => !fleet.isResponsive('a'));
    expect(fleet.isDead(report.id)).toBe(false);
    await until(() => !fleet.canTakeJobs('a'));
    expect(fleet.isDead('without a heartbeat')).toBe(false);
    await until(() => fleet.isDead(report.id));
    // It may have started after the last reading.
    expect(fleet.isDead('just started')).toBe(false);
    await until(() => fleet.isDead('without a heartbeat'));
    expect(fleet.isAbandoned('a')).toBe(true);
  });
});
