import { images, type Service, startApi, startApp, startService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let service: Service;
let name: string;
beforeAll(async () => {
  service = await startService();
  name = await startContainer(images.plain);
});
afterAll(() => service.stop());

const exec = (command: string, headers: Record<string, string> = {}) =>
  service.call('POST', `/containers/${name}/exec`, { command }, headers);
const has = async (path: string) => {
  return testPodman()
    .run(['exec', '--', name, 'cat', path])
    .catch(() => '');
};

describe('a worker that is killed', () => {
  /*
   * 1. An exec and a create run when the worker is killed.
   * 2. The exec is answered as unknown, before its caller's wait ends; the create as what podman did.
   * 3. Another worker ends the exec in the container; neither it nor a repetition under the same key runs it again.
   * 4. Without any worker, known results are still answered and new requests are refused.
   */
  it('leaves its exec unknown, ended and not run again, and its create with the outcome that podman observed', async () => {
    const { call, worker, env } = service;
    const key = { 'Idempotency-Key': 'unknown' };
    const waiting = exec('echo ran >>/ran; exec sleep 4321', key);
    await until(async () => (await has('/ran')) === 'ran\n');
    const own = uniqueContainerName();
    const creating = call('POST', '/containers', { image: images.plain, name: own, command: 'sleep 300' });
    const readCreates = async () => (await call('GET', '/jobs?operation=container.create')).body;
    await until(async () => JSON.stringify(await readCreates()).includes('"running"'));

    await worker.end('SIGKILL');
    const another = startApp('worker', env);
    const unknown = await waiting;
    expect(unknown).toMatchObject({
      status: 500,
      body: { error: { type: 'PodmanAPIError', message: expect.stringContaining('unknown'), job: { status: 'unknown' } } },
    });
    // It is readUnknownCount once, although every API process may end it.
    const readUnknownCount = () => service.redis.sendCommand('HGET', 'podman-api:{fleet}:counters', 'ends container.exec unknown');
    expect(await until(async () => (await readUnknownCount()).trim())).toBe('1');
    const made = await creating;
    // Podman may or may not have made it by then; the response must say which.
    const listed = (await call('GET', '/containers')).field('containers');
    const there = Array.isArray(listed) && listed.some(container => container.name === own);
    expect([made.status, there]).toEqual(there ? [201, true] : [500, false]);

    await until(async () => !String((await exec('ps')).field('execution.stdout')).includes('sleep 4321'));
    expect(await exec('echo ran >>/ran; exec sleep 4321', key)).toMatchObject({ status: 500, body: { job_id: unknown.field('job_id') } });
    expect(await has('/ran')).toBe('ran\n');
    expect(await another.end('SIGTERM')).toBe(0);

    // A known result needs no worker; a new job does.
    await until(async () => (await exec('true')).status === 503);
    expect(await exec('echo ran >>/ran; exec sleep 4321', key)).toMatchObject({ status: 500, body: { job_id: unknown.field('job_id') } });
    expect(await exec('true', { 'Idempotency-Key': 'new' })).toMatchObject({
      status: 503,
      body: { error: { type: 'ServiceUnavailableError' } },
    });
  });
});

describe('an API process that is killed', () => {
  it('leaves its job running, and another process reads the result', async () => {
    const { call, api, env } = service;
    const worker = startApp('worker', env);
    await until(async () => (await call('GET', '/health')).status === 200);
    const accepted = await exec('sleep 1; echo survived', { Prefer: 'respond-async' });
    await api.end('SIGKILL');
    const second = await startApi(env);
    const read = await second.call('GET', `/jobs/${String(accepted.field('job_id'))}?wait=20`);
    expect(read.body).toMatchObject({ job: { status: 'succeeded', result: { stdout: 'survived\n' } } });
    await second.api.end();
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
