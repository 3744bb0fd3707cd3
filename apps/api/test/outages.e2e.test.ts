import { images, type Service, startApp, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it, type TestContext } from 'vitest';
import { createGate } from './gate.ts';

const unavailable = { status: 503, body: { error: { type: 'ServiceUnavailableError' } } };
const unhealthy = { status: 503, body: { status: 'unhealthy', podman: 'disconnected' } };

/** Starts a service of the test's own, which stops with it. */
async function startOwn({ onTestFinished }: TestContext): Promise<Service> {
  const service = await startService();
  onTestFinished(() => service.stop());
  return service;
}

// Most of the time these tests wait for time limits of the product, so they run at once.
describe.concurrent('outages', () => {
  // Steps: Redis is killed, and starts again; Redis is frozen, an exec is sent, and Redis continues.
  it('Redis is killed, then hangs: calls return 503, the service recovers, and the job of an exec is withdrawn', async context => {
    const { call, redis } = await startOwn(context);
    const name = await startContainer(images.plain);
    await redis.kill();
    const refused = await call('GET', '/containers');
    expect(refused).toMatchObject(unavailable);
    expect(refused.headers.get('Retry-After')).toMatch(/^\d+$/);
    // podman is the last known state.
    const health = await until(async () => [await call('GET', '/health')].find(({ status }) => status === 503));
    expect(health.body).toMatchObject({ status: 'unhealthy', podman: 'connected' });
    expect((await call('GET', '/metrics')).status).toBe(503);
    await redis.restart();
    await until(async () => (await call('GET', '/containers')).status === 200);
    await until(async () => (await call('GET', '/health')).status === 200);

    // Redis must know the script that adds a job: otherwise it adds no job when it is back, and there is none to
    // withdraw.
    expect((await call('POST', `/containers/${name}/exec`, { command: 'true' })).status).toBe(200);
    redis.freeze();
    const hanging = await call('POST', `/containers/${name}/exec`, { command: 'echo ran >>/ran' });
    expect(hanging).toMatchObject({ ...unavailable, body: { error: { job: { id: expect.any(String) } } } });
    redis.thaw();
    await until(async () => (await call('GET', '/health')).status === 200);
    const job = `/jobs/${String(hanging.field('error.job.id'))}`;
    await until(async () => (await call('GET', job)).field('job.status') === 'withdrawn');
    expect((await call('POST', `/containers/${name}/exec`, { command: 'cat /ran' })).field('execution.exit_code')).not.toBe(0);
  });

  // Steps: an exec runs and the worker hangs; another exec is queued; the worker continues, and stops; a worker starts that has no
  // podman; one starts that has it.
  it('returns 503 with the cause while the worker hangs, has stopped or has no podman, and discards a late result', async context => {
    const { call, worker, redis, env } = await startOwn(context);
    const name = await startContainer(images.plain);
    const gate = createGate(name);
    const patient = { Prefer: 'wait=300' };
    const running = call('POST', `/containers/${name}/exec`, { command: gate.wait }, patient);
    const listExecs = async (status: string) => (await call('GET', `/jobs?operation=container.exec&status=${status}`)).field('jobs');
    await until(async () => JSON.stringify(await listExecs('running')).includes(name));
    worker.process.kill('SIGSTOP');
    const queued = call('POST', `/containers/${name}/exec`, { command: 'true' }, patient);
    const noWorker = { error: { type: 'ServiceUnavailableError', message: expect.stringContaining('npm run worker') } };
    expect(await queued).toMatchObject({ status: 503, body: noWorker });
    expect(await call('GET', '/containers')).toMatchObject({ status: 503, body: noWorker });
    expect(await running).toMatchObject({ status: 500, body: { error: { job: { status: 'unknown' } } } });

    await gate.open();
    worker.process.kill('SIGCONT');
    await until(async () => (await call('GET', '/containers')).status === 200);
    // It ends its jobs before it exits.
    expect(await worker.end('SIGTERM')).toBe(0);
    const count = async (status: string) =>
      Number(await redis.sendCommand('HGET', 'podman-api:{fleet}:counters', `ends container.exec ${status}`));
    await until(async () => (await count('unknown')) === 1);
    expect(await count('succeeded')).toBe(0);
    expect(await listExecs('succeeded')).toEqual([]);

    await until(async () => (await call('GET', '/containers')).status === 503);
    expect(await call('GET', '/health')).toMatchObject(unhealthy);

    const broken = startApp('worker', { ...env, PATH: '/nowhere' });
    await broken.waitForOutput('podman does not work');
    await until(async () => JSON.stringify((await call('GET', '/metrics')).field('workers')).includes('"working":false'));
    expect(await call('GET', '/health')).toMatchObject(unhealthy);
    expect(await call('GET', '/containers')).toMatchObject({
      status: 503,
      body: { error: { type: 'ServiceUnavailableError', message: expect.stringContaining('npm run doctor') } },
    });
    expect(await broken.end('SIGTERM')).toBe(0);

    const another = startApp('worker', env);
    await until(async () => (await call('GET', '/containers')).status === 200);
    expect(await another.end('SIGTERM')).toBe(0);
  });
});
