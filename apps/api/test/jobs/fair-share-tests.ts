import { until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { detached } from '../detached-jobs.ts';
import { createGate } from '../gate.ts';
import { createTokenCaller } from '../tokens/token-service.ts';
import type { JobService } from './job-service.ts';

const submittedCount = 6;
/** Of two workers, one is left to other tokens. */
const share = 1;

/** Registers the test of the share of workers that one token may occupy. The service needs tokens from then on. */
export function testFairShare(jobs: JobService): void {
  describe('a token that has submitted more long commands than MAX_WORKERS', () => {
    // Steps: six commands of one token wait for a gate; another token is served meanwhile; the gate opens, and all six end.
    it('leaves workers to other tokens, and has all its commands run', async () => {
      const { service, container } = jobs;
      const greedy = await createTokenCaller(service, 'greedy', 'exec,metrics');
      const other = await createTokenCaller(service, 'other', 'exec');
      const gate = createGate(container);
      const path = `/containers/${container}/exec`;
      const submitted = await Promise.all(
        Array.from({ length: submittedCount }, () => greedy('POST', path, { command: gate.wait }, detached)),
      );
      const urls = submitted.map(({ headers }) => (headers.get('Location') ?? '').replace('/api/v1', ''));
      const statuses = async () => (await Promise.all(urls.map(url => greedy('GET', url)))).map(response => response.field('job.status'));
      const running = async () => (await statuses()).filter(status => status === 'running').length;
      await until(async () => (await running()) === share);

      expect((await other('POST', path, { command: 'echo served' })).field('execution.stdout')).toBe('served\n');
      expect(await running()).toBe(share);
      expect((await greedy('GET', '/metrics')).field('queue.waiting')).toBe(submittedCount - share);

      await gate.open();
      await until(async () => (await statuses()).every(status => status === 'succeeded'));
    });
  });
}
