import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, type Service, startApp, startService, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** BullMQ's keys of a service's node, and that of a job's record; what is in braces, Redis Cluster keeps in one place. */
const queueOf = ({ env }: Service) => `bull:{${env['NODE_NAME']}}:podman-${env['NODE_NAME']}`;
const recordOf = (id: string) => `podman-api:job:${id.replace(/^[^_]+/, '{$&}')}`;

describe('with two workers and little patience', () => {
  let service: Service;
  let name: string;
  beforeAll(async () => {
    service = await startService({ MAX_WORKERS: '2', REQUEST_TIMEOUT: '2' });
    name = await startContainer(images.plain);
  });
  afterAll(() => service.stop());
  const exec = (command: string) => service.call('POST', `/containers/${name}/exec`, { command });
  const cli = (...command: string[]) => service.redis.ask(...command);

  test('long commands starve no read, a wait that ends says how to read on, and what had not started never runs', async () => {
    const { call } = service;
    const long = [
      exec('touch /begun1; until [ -e /go ]; do sleep 0.1; done; echo result'),
      exec('touch /begun2; until [ -e /go ]; do sleep 0.1; done'),
    ];
    const begun = async () => (await call('GET', '/metrics')).field('active_threads') === 2;
    await until(begun);
    const queued = exec('touch /ran');

    expect((await call('GET', '/containers')).status).toBe(200);
    expect((await call('GET', `/containers/${name}`)).status).toBe(200);
    expect((await call('GET', `/containers/${name}/logs`)).status).toBe(200);

    const running = await Promise.all(long);
    for (const answer of running) {
      expect(answer).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError', job: { status: 'running' } } } });
      expect(answer.headers.get('x-should-retry')).toBe('false');
      expect(answer.headers.get('Location')).toBe(answer.field('error.job.url'));
    }
    const withdrawn = await queued;
    expect(withdrawn).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError', job: { status: 'withdrawn' } } } });
    expect((await call('GET', `/jobs/${String(withdrawn.field('job_id'))}`)).body).toMatchObject({
      job: { status: 'withdrawn', operation: 'container.exec', container: name, started_at: null, attempts: 0 },
    });

    await call('POST', `/containers/${name}/files`, { dest_path: '/go', content: '' });
    // Both are busy until `/go` is there, and the file is put by a command too.
    await testPodman().run(['exec', '--', name, 'touch', '/go']);
    const job = `/jobs/${String(running[0]?.field('job_id'))}`;
    await until(async () => (await call('GET', job)).field('job.status') !== 'running');
    expect((await call('GET', job)).body).toMatchObject({
      job: {
        status: 'succeeded',
        result: { exit_code: 0, stdout: 'result\n' },
        started_at: expect.any(String),
        finished_at: expect.any(String),
      },
    });
    expect((await exec('ls /ran')).field('execution.exit_code')).not.toBe(0);
  });

  test('a job that is not there is a 404', async () => {
    for (const id of ['nothing', `${service.env['NODE_NAME']}_00000000000000000000`, 'meta', '%00']) {
      expect(await service.call('GET', `/jobs/${id}`)).toMatchObject({ status: 404, body: { error: { type: 'NotFoundError' } } });
    }
  });

  test('jobs read well in Redis, and hold no secret', async () => {
    const canary = 'canary-7f3a9';
    const { call } = service;
    const created = `${name}-no`;
    await call('POST', '/containers', { image: 'localhost/not-there', name: created, environment: { A: canary }, pull_policy: 'never' });
    await call('POST', `/containers/${name}/exec`, { command: 'true', environment: { A: canary }, stdin: canary });
    await call('POST', `/containers/${name}/users`, { username: 'canary', password: canary });
    await call('POST', `/containers/${name}/files`, { dest_path: '/canary', content: canary });
    await call('POST', `/containers/${created}/files`, { dest_path: '/canary', content: canary });
    expect(service.api.output() + service.worker.output()).not.toContain(canary);

    const keys = (await service.redis.askAll('KEYS', '*')).trim().split('\n');
    expect(keys.filter(key => key.includes(':sealed:'))).toEqual([]);
    const dumps = await Promise.all(keys.map(key => cli('DUMP', key)));
    expect(dumps.join()).not.toContain(canary);
    const files = globSync(join(service.redis.folder, '*/appendonlydir/*.incr.aof'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(file => readFileSync(file, 'latin1').includes(canary))).toEqual([]);
    const exec = keys.find(key => key.startsWith(`${queueOf(service)}:`) && /_[0-9a-f]{28}$/.test(key)) ?? '';
    expect(await cli('HGETALL', exec)).toMatch(/"operation":"container\.\w+","container":"t-/);
  });

  /** An id of a job that would have been made so many ms ago. */
  const idOf = (age: number) => `${service.env['NODE_NAME']}_${(Date.now() - age).toString(16).padStart(12, '0')}${'f'.repeat(16)}`;

  test('a job that somebody else puts into the queue is not run', async () => {
    const { call } = service;
    const queue = queueOf(service);
    const { headers } = await call('POST', `/containers/${name}/exec`, { command: 'echo x >>/forged' }, { Prefer: 'respond-async' });
    const right = (headers.get('Location') ?? '').split('/').at(-1) ?? '';
    await call('GET', `/jobs/${right}?wait=10`);
    const forged = idOf(0);
    await cli('COPY', `${queue}:${right}`, `${queue}:${forged}`);
    await cli('HDEL', `${queue}:${forged}`, 'finishedOn', 'processedOn', 'returnvalue');
    await cli('LPUSH', `${queue}:wait`, forged);
    await cli('ZADD', `${queue}:marker`, '0', '0');
    await until(async () => (await call('GET', `/jobs/${forged}`)).field('job.status') === 'failed');
    expect((await call('GET', `/jobs/${forged}`)).field('job.error.message')).toMatch(/without the worker's SECRET_KEY; it was not run/);
    expect((await exec('cat /forged')).field('execution.stdout')).toBe('x\n');
  });

  test('what somebody writes into Redis removes no container and ends no process', async () => {
    const { call, env, api } = service;
    const stranger = ownName();
    const id = idOf(0);
    await testPodman().run(['create', `--name=${stranger}`, `--label=podman-api.job=${id}`, images.plain, 'true']);
    const record = { operation: 'container.create', container: stranger, node: env['NODE_NAME'] ?? '', request_id: 'r', token: 'root' };
    const rest = { changes: 'true', created_at: new Date().toISOString(), status: 'running', worker: 'gone' };
    await cli('HSET', recordOf(id), ...Object.entries({ ...record, ...rest }).flat());
    await cli('SADD', `podman-api:orphans:{${env['NODE_NAME']}}`, id);
    await until(async () => !(await cli('SMEMBERS', `podman-api:orphans:{${env['NODE_NAME']}}`)).includes(id));
    expect((await call('GET', `/containers/${stranger}`)).status).toBe(200);

    const channels = (await service.redis.askAll('PUBSUB', 'CHANNELS')).trim().split('\n');
    for (const channel of channels) await cli('PUBLISH', channel, 'x no json');
    expect((await call('GET', '/health')).status).toBe(200);
    expect(api.process.exitCode).toBeNull();
  });

  test('what a container has written is sealed in Redis', async () => {
    const logger = await startContainer(images.plain, 'sh', '-c', 'echo canary-log-51c; sleep 600');
    await until(async () => (await service.call('GET', `/containers/${logger}/logs`)).field('container.logs') === 'canary-log-51c\n');
    const ids = (await cli('ZRANGE', 'podman-api:jobs', '0', '-1')).trim().split('\n');
    const records = await Promise.all(ids.map(id => cli('HGETALL', recordOf(id))));
    expect(records.join()).toContain('sealed_result');
    expect(records.join()).not.toContain('canary-log-51c');
  });

  test('a job that an API process has made half and left is withdrawn when somebody looks', async () => {
    const { call } = service;
    const { headers } = await call('POST', `/containers/${name}/exec`, { command: 'true' }, { Prefer: 'respond-async' });
    const whole = (headers.get('Location') ?? '').split('/').at(-1) ?? '';
    await call('GET', `/jobs/${whole}?wait=10`);
    const half = idOf(11_000);
    await cli('COPY', recordOf(whole), recordOf(half));
    await cli('HDEL', recordOf(half), 'finished_at', 'result', 'exit_code', 'started_at', 'worker');
    await cli('HSET', recordOf(half), 'status', 'queued');
    await until(async () => (await call('GET', `/jobs/${half}`)).field('job.status') === 'withdrawn');
  });
});

describe('when parts are away', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());
  const list = () => service.call('GET', '/containers');

  test('Redis that is gone is a 503, and its return needs no hand', async () => {
    const { call, redis } = service;
    await redis.kill();
    const away = await list();
    expect(away).toMatchObject({ status: 503, body: { error: { type: 'ServiceUnavailableError' } } });
    expect(away.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(await call('GET', '/health')).toMatchObject({ status: 503, body: { status: 'unhealthy', podman: 'disconnected' } });
    expect((await call('GET', '/metrics')).status).toBe(503);
    await redis.restart();
    await until(async () => (await list()).status === 200);
    await until(async () => (await call('GET', '/health')).field('status') === 'healthy');
  });

  test('Redis that is frozen is a 503, and what was asked meanwhile never runs', async () => {
    const { call, redis } = service;
    const name = await startContainer(images.plain);
    redis.freeze();
    const frozen = await call('POST', `/containers/${name}/exec`, { command: 'echo ran >>/ran' });
    expect(frozen).toMatchObject({ status: 503, body: { error: { type: 'ServiceUnavailableError', job: { id: expect.any(String) } } } });
    redis.thaw();
    await until(async () => (await call('GET', '/health')).status === 200);
    const job = `/jobs/${String(frozen.field('error.job.id'))}`;
    await until(async () => (await call('GET', job)).field('job.status') === 'withdrawn');
    expect((await call('POST', `/containers/${name}/exec`, { command: 'cat /ran' })).field('execution.exit_code')).not.toBe(0);
  });

  test('without a worker the answer is a 503 at once, for those that wait already too', async () => {
    const { call, worker, env, redis } = service;
    const name = await startContainer(images.plain);
    const ofExecs = async (status: string) => (await call('GET', `/jobs?operation=container.exec&status=${status}`)).field('jobs');
    const running = call('POST', `/containers/${name}/exec`, { command: 'sleep 2' });
    await until(async () => JSON.stringify(await ofExecs('running')).includes(name));
    worker.process.kill('SIGSTOP');
    const waiting = call('POST', `/containers/${name}/exec`, { command: 'true' });
    expect(await waiting).toMatchObject({
      status: 503,
      body: { error: { type: 'ServiceUnavailableError', message: expect.stringContaining('npm run worker') } },
    });
    expect((await list()).status).toBe(503);
    expect(await running).toMatchObject({ status: 500, body: { error: { job: { status: 'unknown' } } } });
    worker.process.kill('SIGCONT');
    await until(async () => (await list()).status === 200);

    expect(await worker.end('SIGTERM')).toBe(0);
    // What the worker has seen of the exec since is not heard, and counts as nothing.
    const counted = async (status: string) => Number(await redis.ask('HGET', 'podman-api:{fleet}:tally', `ends container.exec ${status}`));
    expect(await until(() => counted('unknown'))).toBe(1);
    expect(await ofExecs('succeeded')).toHaveLength(await counted('succeeded'));
    await until(async () => (await list()).status === 503);
    expect(await call('GET', '/health')).toMatchObject({ status: 503, body: { status: 'unhealthy', podman: 'disconnected' } });
    const another = startApp('worker', env);
    await until(async () => (await list()).status === 200);
    expect(await another.end('SIGTERM')).toBe(0);
  });

  test('a podman that does not work shows in health', async () => {
    const { call, env } = service;
    const broken = startApp('worker', { ...env, PATH: '/nowhere' });
    await broken.says('podman does not work');
    await until(async () => JSON.stringify((await call('GET', '/metrics')).field('workers')).includes('"working":false'));
    expect(await call('GET', '/health')).toMatchObject({ status: 503, body: { status: 'unhealthy', podman: 'disconnected' } });
    expect(await list()).toMatchObject({
      status: 503,
      body: { error: { type: 'ServiceUnavailableError', message: expect.stringContaining('npm run doctor') } },
    });
    expect(await broken.end('SIGTERM')).toBe(0);
  });
});
