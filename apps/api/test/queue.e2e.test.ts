import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, type Service, startApi, startService, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';

/** Prefix of BullMQ's keys of the node's queue of commands; Redis Cluster keeps keys with the same braces together. */
const queueKeyOf = ({ env }: Service) => `bull:{${env['NODE_NAME']}}:podman-${env['NODE_NAME']}`;
const recordKeyOf = (id: string) => `podman-api:job:${id.replace(/^[^_]+/, '{$&}')}`;
const detached = { Prefer: 'respond-async' } as const;

let service: Service;
let name: string;
beforeAll(async () => {
  service = await startService({ MAX_WORKERS: '2' });
  name = await startContainer(images.plain);
});
afterAll(() => service.stop());
const exec = (command: string) => service.call('POST', `/containers/${name}/exec`, { command });
const redisCli = (...command: string[]) => service.redis.sendCommand(...command);
/** Runs a command to its end as a detached job. @returns the job's id */
const runDetached = async (command: string) => {
  const accepted = await service.call('POST', `/containers/${name}/exec`, { command }, detached);
  const id = String(accepted.field('job_id'));
  await service.call('GET', `/jobs/${id}?wait=300`);
  return id;
};
/** The id of a job that was made `ageMs` ago. */
const idOfAge = (ageMs: number) => `${service.env['NODE_NAME']}_${(Date.now() - ageMs).toString(16).padStart(12, '0')}${'f'.repeat(16)}`;

describe('with MAX_WORKERS commands running', () => {
  // Steps: two commands occupy the workers; reads are answered; an exec is withdrawn; the gate opens; it never ran.
  it('answers reads, and withdraws an exec that no worker starts within REQUEST_TIMEOUT', async () => {
    const { call, env } = service;
    const impatient = await startApi({ ...env, REQUEST_TIMEOUT: '1' });
    const gate = createGate(name);
    const path = `/containers/${name}/exec`;
    const running = await Promise.all([1, 2].map(() => call('POST', path, { command: `${gate.wait}; echo result` }, detached)));
    for (const { headers } of running) {
      const url = (headers.get('Location') ?? '').replace('/api/v1', '');
      await until(async () => (await call('GET', url)).field('job.status') === 'running');
    }

    expect((await call('GET', '/containers')).status).toBe(200);
    expect((await call('GET', `/containers/${name}`)).status).toBe(200);
    expect((await call('GET', `/containers/${name}/logs`)).status).toBe(200);

    const withdrawn = await impatient.call('POST', path, { command: 'touch /ran' });
    expect(withdrawn).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError', job: { status: 'withdrawn' } } } });
    expect((await call('GET', `/jobs/${String(withdrawn.field('job_id'))}`)).body).toMatchObject({
      job: { status: 'withdrawn', operation: 'container.exec', container: name, started_at: null, attempts: 0 },
    });

    await gate.open();
    for (const job of running) {
      expect((await call('GET', `/jobs/${String(job.field('job_id'))}?wait=300`)).body).toMatchObject({
        job: {
          status: 'succeeded',
          result: { exit_code: 0, stdout: 'result\n' },
          started_at: expect.any(String),
          finished_at: expect.any(String),
        },
      });
    }
    expect((await exec('ls /ran')).field('execution.exit_code')).not.toBe(0);
    await impatient.api.end();
  });
});

describe('GET /jobs/:id', () => {
  it('returns 404 for a job that does not exist', async () => {
    for (const id of ['nothing', `${service.env['NODE_NAME']}_00000000000000000000`, 'meta', '%00']) {
      expect(await service.call('GET', `/jobs/${id}`)).toMatchObject({ status: 404, body: { error: { type: 'NotFoundError' } } });
    }
  });

  // Steps: copy the record of a job that ran, and change it to a job that was added 11 s ago and is in no queue.
  it('withdraws a job that an API process added incompletely', async () => {
    const { call } = service;
    const whole = await runDetached('true');
    const half = idOfAge(11_000);
    await redisCli('COPY', recordKeyOf(whole), recordKeyOf(half));
    await redisCli('HDEL', recordKeyOf(half), 'finished_at', 'result', 'exit_code', 'started_at', 'worker');
    await redisCli('HSET', recordKeyOf(half), 'status', 'queued');
    await until(async () => (await call('GET', `/jobs/${half}`)).field('job.status') === 'withdrawn');
  });
});

describe('what is in Redis', () => {
  it('has the operation and container of a job in clear, and no secret', async () => {
    const canary = 'canary-7f3a9';
    const { call } = service;
    const created = `${name}-no`;
    await call('POST', '/containers', { image: 'localhost/not-there', name: created, environment: { A: canary }, pull_policy: 'never' });
    await call('POST', `/containers/${name}/exec`, { command: 'true', environment: { A: canary }, stdin: canary });
    await call('POST', `/containers/${name}/users`, { username: 'canary', password: canary });
    await call('POST', `/containers/${name}/files`, { dest_path: '/canary', content: canary });
    await call('POST', `/containers/${created}/files`, { dest_path: '/canary', content: canary });
    expect(service.api.output() + service.worker.output()).not.toContain(canary);

    const keys = (await service.redis.sendToAllMasters('KEYS', '*')).trim().split('\n');
    expect(keys.filter(key => key.includes(':sealed:'))).toEqual([]);
    const dumps = await Promise.all(keys.map(key => redisCli('DUMP', key)));
    expect(dumps.join()).not.toContain(canary);
    const files = globSync(join(service.redis.folder, '*/appendonlydir/*.incr.aof'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(file => readFileSync(file, 'latin1').includes(canary))).toEqual([]);
    const exec = keys.find(key => key.startsWith(`${queueKeyOf(service)}:`) && /_[0-9a-f]{28}$/.test(key)) ?? '';
    expect(await redisCli('HGETALL', exec)).toMatch(/"operation":"container\.\w+","container":"t-/);
  });

  it('is not trusted: a job that was not signed with the SECRET_KEY is not run', async () => {
    const { call } = service;
    const queue = queueKeyOf(service);
    const right = await runDetached('echo x >>/forged');
    const forged = idOfAge(0);
    await redisCli('COPY', `${queue}:${right}`, `${queue}:${forged}`);
    await redisCli('HDEL', `${queue}:${forged}`, 'finishedOn', 'processedOn', 'returnvalue');
    await redisCli('LPUSH', `${queue}:wait`, forged);
    await redisCli('ZADD', `${queue}:marker`, '0', '0');
    await until(async () => (await call('GET', `/jobs/${forged}`)).field('job.status') === 'failed');
    expect((await call('GET', `/jobs/${forged}`)).field('job.error.message')).toMatch(/without the worker's SECRET_KEY, so it was not run/);
    expect((await exec('cat /forged')).field('execution.stdout')).toBe('x\n');
  });

  it('is not trusted: forged records remove no container, and forged messages end no process', async () => {
    const { call, env, api } = service;
    const foreignContainer = ownName();
    const id = idOfAge(0);
    await testPodman().run(['create', `--name=${foreignContainer}`, `--label=podman-api.job=${id}`, images.plain, 'true']);
    const record = {
      operation: 'container.create',
      container: foreignContainer,
      node: env['NODE_NAME'] ?? '',
      request_id: 'r',
      token: 'root',
    };
    const rest = { changes: 'true', created_at: new Date().toISOString(), status: 'running', worker: 'gone' };
    await redisCli('HSET', recordKeyOf(id), ...Object.entries({ ...record, ...rest }).flat());
    await redisCli('SADD', `podman-api:orphans:{${env['NODE_NAME']}}`, id);
    await until(async () => !(await redisCli('SMEMBERS', `podman-api:orphans:{${env['NODE_NAME']}}`)).includes(id));
    expect((await call('GET', `/containers/${foreignContainer}`)).status).toBe(200);

    const channels = (await service.redis.sendToAllMasters('PUBSUB', 'CHANNELS')).trim().split('\n');
    for (const channel of channels) await redisCli('PUBLISH', channel, 'x no json');
    // The outcome of this exec comes after the forged messages, on the same channel.
    expect((await exec('echo still here')).field('execution.stdout')).toBe('still here\n');
    expect(api.process.exitCode).toBeNull();
  });

  it('has the logs of a container encrypted', async () => {
    const logger = await startContainer(images.plain, 'sh', '-c', 'echo canary-log-51c; sleep 600');
    await until(async () => (await service.call('GET', `/containers/${logger}/logs`)).field('container.logs') === 'canary-log-51c\n');
    const ids = (await redisCli('ZRANGE', 'podman-api:jobs', '0', '-1')).trim().split('\n');
    const records = await Promise.all(ids.map(id => redisCli('HGETALL', recordKeyOf(id))));
    expect(records.join()).toContain('sealed_result');
    expect(records.join()).not.toContain('canary-log-51c');
  });
});
