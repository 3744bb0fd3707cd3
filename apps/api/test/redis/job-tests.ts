import { callAllNodes, images, type RedisKind, type Service, startApp, startService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { detached } from '../detached-jobs.ts';
import { createGate, uniquePath } from '../gate.ts';

/** Registers a test of each way in which jobs use Redis, on one kind of Redis. */
export function testJobs(kind: RedisKind): void {
  let service: Service;
  let name: string;
  beforeAll(async () => {
    service = await startService({}, { kind });
    name = await startContainer(images.plain);
  });
  afterAll(() => service.stop());
  const exec = (body: object, headers: Record<string, string> = {}) => service.call('POST', `/containers/${name}/exec`, body, headers);

  it('creates and lists a container, and lists the job', async () => {
    const own = uniqueContainerName();
    const made = await service.call('POST', '/containers', { image: images.plain, name: own, network: 'none', command: 'sleep 600' });
    expect(made.status).toBe(201);
    expect((await callAllNodes(service.call, 'GET', '/containers')).body).toMatchObject({
      containers: expect.arrayContaining([expect.objectContaining({ name: own })]),
    });
    expect((await service.call('GET', '/jobs?operation=container.create')).body).toMatchObject({
      jobs: [{ container: own, status: 'succeeded' }],
    });
  });

  it('leaves no secret of an exec in Redis', async () => {
    const response = await exec({ command: 'cat; echo " $A"', stdin: 'from-stdin', environment: { A: 'from-environment' } });
    expect(response.field('execution.stdout')).toBe('from-stdin from-environment\n');
    expect(await service.redis.sendToAllMasters('KEYS', 'podman-api:sealed:*')).toBe('\n'.repeat((await service.redis.masters()).length));
  });

  it('streams output as it comes', async () => {
    const gate = createGate(name);
    const started = await exec({ command: `echo first; ${gate.wait}; echo last` }, detached);
    const response = await fetch(`${service.url}/api/v1/jobs/${String(started.field('job_id'))}/output`, {
      headers: { Accept: 'text/plain' },
    });
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes).toString();
      if (text === 'first\n') await gate.open();
    }
    expect(text).toBe('first\nlast\n');
  });

  it('runs a command once for three requests with the same Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const path = uniquePath();
    const responses = await Promise.all([1, 2, 3].map(() => exec({ command: `echo once >>${path}` }, key)));
    expect(new Set(responses.map(response => response.field('job_id'))).size).toBe(1);
    expect((await exec({ command: `cat ${path}` })).field('execution.stdout')).toBe('once\n');
  });

  it('cancels a running command', async () => {
    const id = String((await exec({ command: 'exec sleep 4323' }, detached)).field('job_id'));
    await until(async () => (await service.call('GET', `/jobs/${id}`)).field('job.status') === 'running');
    await service.call('DELETE', `/jobs/${id}`);
    expect((await service.call('GET', `/jobs/${id}?wait=300`)).field('job.status')).toBe('cancelled');
    expect(await testPodman().run(['exec', '--', name, 'ps'])).not.toContain('sleep 4323');
  });
}

/**
 * Registers the test of the outcome of a dead worker's job, on one kind of Redis. It takes the time after which a
 * worker counts as dead.
 */
export function testWorkerDeath(kind: RedisKind): void {
  it('reports a command of a dead worker as unknown and does not run it again', async ({ onTestFinished }) => {
    const service = await startService({}, { kind });
    onTestFinished(() => service.stop());
    const name = await startContainer(images.plain);
    const exec = (command: string) => service.call('POST', `/containers/${name}/exec`, { command });
    const readFile = () =>
      testPodman()
        .run(['exec', '--', name, 'cat', '/ran'])
        .catch(() => '');
    const waiting = exec('echo ran >>/ran; exec sleep 4324');
    await until(async () => (await readFile()) === 'ran\n');
    await service.worker.end('SIGKILL');
    const another = startApp('worker', service.env);
    expect(await waiting).toMatchObject({ status: 500, body: { error: { job: { status: 'unknown' } } } });
    // The other worker would have run the first job again before this one.
    await until(async () => (await exec('true')).status === 200);
    expect(await readFile()).toBe('ran\n');
    expect(await another.end('SIGTERM')).toBe(0);
  });
}
