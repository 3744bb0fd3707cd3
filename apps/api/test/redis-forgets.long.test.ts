import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let service: Service;
let name: string;
const state = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
beforeAll(async () => {
  service = await startService({ STATE_DIR: state });
  name = await startContainer(images.plain);
});
afterAll(async () => {
  await service.stop();
  rmSync(state, { recursive: true, force: true });
});

const start = async (command: string) => {
  const { headers } = await service.call('POST', `/containers/${name}/exec`, { command }, { Prefer: 'respond-async' });
  return (headers.get('Location') ?? '').split('/').at(-1) ?? '';
};
const status = async (id: string) => (await service.call('GET', `/jobs/${id}`)).field('job.status');
const has = async (path: string) =>
  testPodman()
    .run(['exec', '--', name, 'cat', path])
    .catch(() => '');
const recordOf = (id: string) => `podman-api:job:${id.replace(/^[^_]+/, '{$&}')}`;
const queueOf = () => `bull:{${service.env['NODE_NAME']}}:podman-${service.env['NODE_NAME']}`;
/** Rewrites the state of a job in one step. */
const rewrite = (id: string, script: string) => {
  const queue = queueOf();
  const keys = [recordOf(id), `${queue}:${id}`, ...['active', 'wait', 'completed', 'marker'].map(list => `${queue}:${list}`)];
  return service.redis.sendCommand('EVAL', script, String(keys.length + 1), ...keys, `${queue}:${id}:lock`, id);
};
const cutConnections = () => service.redis.sendToAllMasters('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');

const notEnded = `
redis.call('HDEL', KEYS[1], 'finished_at', 'result', 'exit_code', 'output', 'truncated', 'error')
redis.call('HSET', KEYS[1], 'status', 'running')`;
const active = `
redis.call('ZREM', KEYS[5], ARGV[1]) redis.call('HDEL', KEYS[2], 'finishedOn', 'returnvalue')
redis.call('LPUSH', KEYS[3], ARGV[1])`;
const notBegun = `
redis.call('HSET', KEYS[1], 'status', 'queued') redis.call('HDEL', KEYS[1], 'worker', 'started_at', 'attempts')`;
const waiting = `
redis.call('LREM', KEYS[3], 1, ARGV[1]) redis.call('DEL', KEYS[7]) redis.call('HDEL', KEYS[2], 'processedOn', 'pb')
redis.call('RPUSH', KEYS[4], ARGV[1]) redis.call('ZADD', KEYS[6], 0, '0')`;

/** Runs a command and waits until BullMQ lists its job as completed, too. */
const run = async (command: string) => {
  const id = await start(command);
  await until(async () => (await service.redis.sendCommand('ZSCORE', `${queueOf()}:completed`, id)).trim() !== '');
  return id;
};

/** Removes the last writes by hand, as a failover or a kill of Redis loses them. */
describe('a Redis that has lost its last writes', () => {
  it('gets the outcome of a job again from the worker when outcome and queue position are lost', async () => {
    const id = await run('echo once >>/a; cat /a');
    const before = (await service.call('GET', `/jobs/${id}`)).body;
    await rewrite(id, notEnded + active);
    expect(await status(id)).toBe('running');
    await until(async () => (await status(id)) !== 'running');
    expect((await service.call('GET', `/jobs/${id}`)).body).toEqual({ ...Object(before), timestamp: expect.any(String) });
    expect(await has('/a')).toBe('once\n');
    await until(async () => !(await service.redis.sendCommand('LRANGE', `${queueOf()}:active`, '0', '-1')).includes(id));
  });

  it('gets the outcome again when another server answers and only the outcome is lost', async () => {
    const id = await run('echo once >>/b; cat /b');
    await rewrite(id, notEnded);
    await cutConnections();
    await until(async () => (await status(id)) === 'succeeded');
    expect((await service.call('GET', `/jobs/${id}`)).field('job.result.stdout')).toBe('once\n');
  });

  it('gets the outcome again and does not rerun a job that it lists as waiting', async () => {
    const id = await run('echo once >>/c; cat /c');
    await rewrite(id, notEnded + notBegun + active + waiting);
    await until(async () => (await status(id)) === 'succeeded');
    expect((await service.call('GET', `/jobs/${id}`)).field('job.result.stdout')).toBe('once\n');
    expect(await has('/c')).toBe('once\n');
  });

  it('lists a running job as running again, and does not withdraw or rerun it', async () => {
    const id = await start('echo once >>/d; until [ -e /go ]; do sleep 0.1; done');
    await until(async () => (await has('/d')) === 'once\n');
    await rewrite(id, notBegun + waiting);
    await until(async () => (await status(id)) === 'running');
    await testPodman().run(['exec', '--', name, 'touch', '/go']);
    await until(async () => (await status(id)) === 'succeeded');
    expect(await has('/d')).toBe('once\n');
  });

  it('ends a running job that was withdrawn because Redis had lost its start', async () => {
    const id = await start('echo once >>/e; exec sleep 4322');
    await until(async () => (await has('/e')) === 'once\n');
    await rewrite(id, `${notBegun} redis.call('LREM', KEYS[3], 1, ARGV[1])`);
    await service.call('DELETE', `/jobs/${id}`);
    await cutConnections();
    await until(async () => !(await testPodman().run(['exec', '--', name, 'ps'])).includes('sleep 4322'));
    expect(await status(id)).toBe('cancelled');
  });

  it('reports a job as unknown if the worker has no outcome either, and queues one that never started again', async () => {
    const done = await run('true');
    const copy = async (hasStarted: boolean) => {
      const time = Date.now();
      const id = `${service.env['NODE_NAME']}_${time.toString(16).padStart(12, '0')}${(hasStarted ? 'a' : 'b').repeat(16)}`;
      const page = join(state, 'begun', String(Math.floor(time / 3_600_000)));
      mkdirSync(page, { recursive: true });
      if (hasStarted) closeSync(openSync(join(page, id), 'w'));
      await service.redis.sendCommand('COPY', recordOf(done), recordOf(id));
      await service.redis.sendCommand('COPY', `${queueOf()}:${done}`, `${queueOf()}:${id}`);
      await rewrite(id, notEnded + active);
      return id;
    };
    const lost = await copy(true);
    await until(async () => (await status(lost)) === 'unknown');
    expect((await service.call('GET', `/jobs/${lost}`)).field('job.error.message')).toMatch(/Redis and the worker have lost the outcome/);
    // The copy has no signature, so the worker that gets it ends it as failed.
    const fresh = await copy(false);
    await until(async () => (await status(fresh)) === 'failed');
  });
});
