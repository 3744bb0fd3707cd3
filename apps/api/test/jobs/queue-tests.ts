import { until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { detached } from '../detached-jobs.ts';
import { uniquePath } from '../gate.ts';
import { type JobService, jobIdOf, longWait, maxQueue } from './job-service.ts';

const megabyte = 'x'.repeat(1024 ** 2);

/** Registers the tests of jobs that wait in a queue. */
export function testQueue(jobs: JobService): void {
  const { exec, awaitJob } = jobs;
  const sendStdin = (stdin: string) =>
    jobs.service.call('POST', `/containers/${jobs.container}/exec`, { command: 'wc -c', stdin }, detached);

  describe('with MAX_WORKERS commands running', () => {
    // Steps: two commands occupy the workers; reads are answered; an exec is withdrawn; the gate opens; it never ran.
    it('answers reads, and withdraws an exec that no worker starts within REQUEST_TIMEOUT', async () => {
      const { call } = jobs.service;
      const path = `/containers/${jobs.container}`;
      const { gate, ids } = await jobs.occupyWorkers();

      expect((await call('GET', '/containers')).status).toBe(200);
      expect((await call('GET', path)).status).toBe(200);
      expect((await call('GET', `${path}/logs`)).status).toBe(200);

      const withdrawn = await jobs.second.call('POST', `${path}/exec`, { command: 'touch /ran' });
      expect(withdrawn).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError', job: { status: 'withdrawn' } } } });
      expect(await jobs.getJob(jobIdOf(withdrawn))).toMatchObject({
        status: 'withdrawn',
        operation: 'container.exec',
        container: jobs.container,
        started_at: null,
        attempts: 0,
      });

      await gate.open();
      for (const id of ids) {
        expect(await awaitJob(id)).toMatchObject({
          status: 'succeeded',
          result: { exit_code: 0, stdout: 'result\n' },
          started_at: expect.any(String),
          finished_at: expect.any(String),
        });
      }
      expect((await exec('ls /ran')).field('execution.exit_code')).not.toBe(0);
    });

    it('DELETE /jobs/:id: a queued job is cancelled and never runs', async () => {
      const { service, second } = jobs;
      const { gate, ids } = await jobs.occupyWorkers();
      const path = uniquePath();
      const queued = await second.call('POST', `/containers/${jobs.container}/exec`, { command: `touch ${path}` }, detached);
      expect(await service.call('DELETE', `/jobs/${jobIdOf(queued)}`)).toMatchObject({
        status: 200,
        body: { job: { status: 'cancelled', started_at: null, attempts: 0 } },
      });
      expect((await service.call('DELETE', `/jobs/${jobIdOf(queued)}`)).status).toBe(409);
      await gate.open();
      for (const id of ids) await awaitJob(id);
      // Jobs start in order: the cancelled one would have run before this.
      expect((await exec(`ls ${path}`)).field('execution.success')).toBe(false);
    });

    it('a job that two callers wait for is not withdrawn when one stops waiting', async () => {
      const { second } = jobs;
      const { gate, ids } = await jobs.occupyWorkers();
      const key = { 'Idempotency-Key': 'two wait' };
      const waiting = second.call('POST', `/containers/${jobs.container}/exec`, { command: 'echo both' }, { ...key, ...longWait });
      await until(async () => JSON.stringify((await second.call('GET', '/jobs?status=queued')).field('jobs')).includes('container.exec'));
      expect(await exec('echo both', { ...key, Prefer: 'wait=1' })).toMatchObject({
        status: 408,
        body: { error: { job: { status: 'queued' } } },
      });
      await gate.open();
      expect((await waiting).field('execution.stdout')).toBe('both\n');
      for (const id of ids) await awaitJob(id);
    });

    it('returns 503 above MAX_QUEUE, and never runs what it refused', async () => {
      const { gate, ids } = await jobs.occupyWorkers();
      const path = uniquePath();
      const responses = await Promise.all(Array.from({ length: maxQueue + 5 }, (_, index) => exec(`echo ${index} >>${path}`, detached)));
      await gate.open();
      const refused = responses.filter(({ status }) => status === 503);
      const accepted = responses.filter(({ status }) => status === 202);
      expect(refused.length + accepted.length).toBe(responses.length);
      expect(accepted.length).toBeLessThanOrEqual(maxQueue);
      expect(refused[0]?.headers.get('Retry-After')).toMatch(/^\d+$/);
      expect(refused[0]?.body).toMatchObject({
        error: { type: 'ServiceUnavailableError', message: expect.stringContaining(`MAX_QUEUE=${maxQueue}`) },
      });
      for (const id of [...ids, ...accepted.map(jobIdOf)]) await awaitJob(id);
      expect((await exec(`wc -l <${path}`)).field('execution.stdout')).toBe(`${accepted.length}\n`);
    });

    it('returns 503 above MAX_QUEUE_BYTES for a large input, and takes small ones', async () => {
      const { gate, ids } = await jobs.occupyWorkers();
      const first = await sendStdin(megabyte);
      expect(first.status).toBe(202);
      const refused = await sendStdin(megabyte);
      expect(refused.status).toBe(503);
      expect(refused.field('error.message')).toContain('MAX_QUEUE_BYTES');
      const small = await sendStdin('x');
      expect(small.status).toBe(202);
      await gate.open();
      for (const id of [...ids, jobIdOf(first), jobIdOf(small)]) await awaitJob(id);
      const later = await sendStdin(megabyte);
      expect(later.status).toBe(202);
      await awaitJob(jobIdOf(later));
    });

    it('returns 413 for an input that is larger than MAX_QUEUE_BYTES', async () => {
      expect((await sendStdin(megabyte.repeat(3))).status).toBe(413);
    });
  });
}
