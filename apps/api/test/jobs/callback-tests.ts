import { createHmac, randomBytes } from 'node:crypto';
import { type SendRequest, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../callbacks/receiver.ts';
import { detached } from '../detached-jobs.ts';
import { callbackSecret, type JobService } from './job-service.ts';

/** Registers the tests of callbacks, which the second API process may send. */
export function testCallbacks(jobs: JobService): void {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.stop());

  /** Waits for the callback of a job. @returns its body, whose signature was checked */
  async function awaitCallback(job: unknown): Promise<{ job: Record<string, unknown> }> {
    const callback = await until(() => receiver.received.find(({ headers }) => headers['x-podman-api-delivery'] === job));
    const [, time, signature] = /^t=(\d+),v1=(\w+)$/.exec(String(callback.headers['x-podman-api-signature'])) ?? [];
    expect(signature).toBe(createHmac('sha256', callbackSecret).update(`${time}.${callback.body}`).digest('hex'));
    return JSON.parse(callback.body);
  }

  describe('callback_url', () => {
    it('receives the job when it has ended, once', async () => {
      const { container: name, second } = jobs;
      const callback_url = `http://127.0.0.1:${receiver.port}/hook?token=canary`;
      const body = { command: 'echo out; exit 3', callback_url };
      const key = { 'Idempotency-Key': randomBytes(6).toString('hex'), ...detached };
      const accepted = await second.call('POST', `/containers/${name}/exec`, body, key);
      const repeated = await second.call('POST', `/containers/${name}/exec`, body, key);
      expect([accepted.status, repeated.field('job_id')]).toEqual([202, accepted.field('job_id')]);
      const id = accepted.field('job_id');
      expect(await awaitCallback(id)).toMatchObject({ job: { id, status: 'succeeded', result: { exit_code: 3, stdout: 'out\n' } } });
      // In the query of a request without a body; its callback comes after all of the first job.
      const read = await second.call('GET', `/containers/${name}?callback_url=${encodeURIComponent(callback_url)}`, undefined, detached);
      expect(await awaitCallback(read.field('job_id'))).toMatchObject({ job: { operation: 'container.inspect', status: 'succeeded' } });
      const countLogged = (message: string) =>
        second.api
          .output()
          .split('\n')
          .filter(line => line.includes(String(id)) && line.includes(message)).length;
      await until(() => countLogged('delivered a callback') > 0);
      expect(countLogged('delivered a callback')).toBe(1);
      // A busy machine may answer an attempt too late; the next one then repeats it.
      const received = receiver.received.filter(({ headers }) => headers['x-podman-api-delivery'] === id);
      expect(received.length).toBeLessThanOrEqual(1 + countLogged('a callback could not be sent'));
      expect(second.api.output()).not.toContain('canary');
    });

    it('receives a job that was cancelled', async () => {
      const { container: name, second } = jobs;
      const body = { command: 'sleep 600', callback_url: `http://127.0.0.1:${receiver.port}/` };
      const id = (await second.call('POST', `/containers/${name}/exec`, body, detached)).field('job_id');
      await second.call('DELETE', `/jobs/${id}`);
      expect(await awaitCallback(id)).toMatchObject({ job: { id, status: 'cancelled' } });
    });

    it('returns 403 for hosts that are not in CALLBACK_HOSTS, and 400 for a request that waits', async () => {
      const exec = (call: SendRequest, callback_url: string, headers: object) =>
        call('POST', '/containers/none/exec', { command: 'id', callback_url }, { ...headers });
      const listed = `http://127.0.0.1:${receiver.port}/`;
      expect((await exec(jobs.service.call, listed, detached)).status).toBe(403);
      const refused = await exec(jobs.second.call, 'http://169.254.169.254/latest', detached);
      expect(refused.body).toMatchObject({ error: { type: 'ForbiddenError', details: [{ path: 'callback_url' }] } });
      expect((await exec(jobs.second.call, listed, {})).body).toMatchObject({ error: { code: 400, details: [{ path: 'callback_url' }] } });
    });
  });
}
