import { images, type RedisKind, type Service, startApp, startService, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a job can meet on its way, once each, on one kind of Redis. */
export function shortRun(kind: RedisKind): void {
  let service: Service;
  let name: string;
  beforeAll(async () => {
    service = await startService({}, { kind });
    name = await startContainer(images.plain);
  });
  afterAll(() => service.stop());
  const exec = (body: object, headers: Record<string, string> = {}) => service.call('POST', `/containers/${name}/exec`, body, headers);
  const has = (path: string) =>
    testPodman()
      .run(['exec', '--', name, 'cat', path])
      .catch(() => '');

  test('a create and a list', async () => {
    const own = ownName();
    const made = await service.call('POST', '/containers', { image: images.plain, name: own, command: 'sleep 600' });
    expect(made.status).toBe(201);
    expect((await service.call('GET', '/containers')).body).toMatchObject({
      containers: expect.arrayContaining([expect.objectContaining({ name: own })]),
    });
    expect((await service.call('GET', '/jobs?operation=container.create')).body).toMatchObject({
      jobs: [{ container: own, status: 'succeeded' }],
    });
  });

  test('an exec with secrets, which are nowhere in Redis after it', async () => {
    const answer = await exec({ command: 'cat; echo " $A"', stdin: 'from-stdin', environment: { A: 'from-environment' } });
    expect(answer.field('execution.stdout')).toBe('from-stdin from-environment\n');
    expect(await service.redis.askAll('KEYS', 'podman-api:sealed:*')).toBe('\n'.repeat((await service.redis.masters()).length));
  });

  test('output is streamed as it comes', async () => {
    const started = await exec({ command: 'echo first; until [ -e /go ]; do sleep 0.1; done; echo last' }, { Prefer: 'respond-async' });
    const response = await fetch(`${service.url}/api/v1/jobs/${String(started.field('job_id'))}/output`, {
      headers: { Accept: 'text/plain' },
    });
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes).toString();
      if (text === 'first\n') await testPodman().run(['exec', '--', name, 'touch', '/go']);
    }
    expect(text).toBe('first\nlast\n');
  });

  test('an Idempotency-Key runs once', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => exec({ command: 'echo once >>/once' }, key)));
    expect(new Set(answers.map(answer => answer.field('job_id'))).size).toBe(1);
    expect(await has('/once')).toBe('once\n');
  });

  test('a cancel ends the command', async () => {
    const id = String((await exec({ command: 'touch /runs; exec sleep 4323' }, { Prefer: 'respond-async' })).field('job_id'));
    await until(async () => (await service.call('GET', `/jobs/${id}`)).field('job.status') === 'running');
    await service.call('DELETE', `/jobs/${id}`);
    expect((await service.call('GET', `/jobs/${id}?wait=10`)).field('job.status')).toBe('cancelled');
    expect(await testPodman().run(['exec', '--', name, 'ps'])).not.toContain('sleep 4323');
  });

  test('a worker that dies', async () => {
    const waiting = exec({ command: 'echo ran >>/ran; exec sleep 4324' });
    await until(async () => (await has('/ran')) === 'ran\n');
    await service.worker.end('SIGKILL');
    const another = startApp('worker', service.env);
    expect(await waiting).toMatchObject({ status: 500, body: { error: { job: { status: 'unknown' } } } });
    expect((await exec({ command: 'cat /ran' })).field('execution.stdout')).toBe('ran\n');
    expect(await another.end('SIGTERM')).toBe(0);
  });
}
