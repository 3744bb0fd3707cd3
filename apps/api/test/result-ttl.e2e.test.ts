import { images, type Service, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniquePath } from './gate.ts';

const resultTtlSeconds = 2;

let service: Service;
let container: string;
beforeAll(async () => {
  service = await startService({ RESULT_TTL: `${resultTtlSeconds}` });
  container = await startContainer(images.plain);
});
afterAll(() => service.stop());

describe('RESULT_TTL', () => {
  it('keeps a result and its Idempotency-Key for that many seconds, then runs the command again', async () => {
    const path = uniquePath();
    const command = `echo x >>${path}; wc -l <${path}`;
    const run = () => service.call('POST', `/containers/${container}/exec`, { command }, { 'Idempotency-Key': 'count' });
    const since = performance.now();
    const first = await run();
    expect(first.field('execution.stdout')).toBe('1\n');
    await until(async () => (await run()).field('execution.stdout') === '2\n');
    expect(performance.now() - since).toBeGreaterThanOrEqual(resultTtlSeconds * 1000);
    await until(async () => (await service.call('GET', `/jobs/${String(first.field('job_id'))}`)).status === 404);
  });
});
