import { type SendRequest, type Service, sharedContainer, startApi, startService, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniquePath } from '../gate.ts';

const resultTtlSeconds = 2;

let service: Service;
beforeAll(async () => {
  service = await startService({ RESULT_TTL: `${resultTtlSeconds}` });
});
afterAll(() => service.stop());

/** Warnings of how Redis is set; a busy machine has others. */
async function redisWarnings(call: SendRequest): Promise<string[]> {
  const warnings = (await call('GET', '/health')).field('warnings');
  return Array.isArray(warnings) ? warnings.map(String).filter(warning => /maxmemory-policy|appendonly/.test(warning)) : [];
}

describe('GET /health', () => {
  // Steps: a Redis that keeps jobs; one setting after the other that may lose them; a new API process.
  it('warns of settings of Redis that may lose jobs, and of no others', async ({ onTestFinished }) => {
    const { redis, call, env } = service;
    onTestFinished(async () => {
      await redis.sendToAllMasters('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      await redis.sendToAllMasters('CONFIG', 'SET', 'appendonly', 'yes');
    });
    // The API process has looked at the settings once it has asked for the save points.
    await until(async () => (await redis.sendToAllMasters('INFO', 'commandstats')).includes('cmdstat_config|get'));
    expect(await redisWarnings(call)).toEqual([]);

    await redis.sendToAllMasters('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.sendToAllMasters('CONFIG', 'SET', 'appendonly', 'no');
    const second = await startApi(env);
    await until(async () => (await redisWarnings(second.call)).length > 0);
    expect(await redisWarnings(second.call)).toEqual([
      expect.stringContaining('set its maxmemory-policy to noeviction; it is allkeys-lru'),
      expect.stringContaining('set its appendonly to yes'),
    ]);
    await second.api.waitForOutput('maxmemory-policy');
    await second.api.waitForOutput('appendonly');
    expect(await second.api.end()).toBe(0);
  });

  // Steps: a Redis that reaches its memory limit; one that has room again.
  it('is unhealthy while Redis has reached its memory limit', async ({ onTestFinished }) => {
    const { redis, call } = service;
    onTestFinished(async () => {
      await redis.sendToAllMasters('CONFIG', 'SET', 'maxmemory', '0');
    });
    expect((await call('GET', '/health')).status).toBe(200);
    await redis.sendToAllMasters('CONFIG', 'SET', 'maxmemory', '1mb');
    await until(async () => {
      const { status, body } = await call('GET', '/health');
      return status === 503 && JSON.stringify(body).includes('Redis has reached its memory limit');
    });
    expect(await call('GET', '/containers')).toMatchObject({ status: 503, body: { error: { type: 'ServiceUnavailableError' } } });
    await redis.sendToAllMasters('CONFIG', 'SET', 'maxmemory', '0');
    await until(async () => (await call('GET', '/health')).status === 200);
    expect((await call('GET', '/containers')).status).toBe(200);
  });
});

describe('RESULT_TTL', () => {
  it('keeps a result and its Idempotency-Key for that many seconds, then runs the command again', async () => {
    const path = uniquePath();
    const command = `echo x >>${path}; wc -l <${path}`;
    const run = () => service.call('POST', `/containers/${sharedContainer('plain')}/exec`, { command }, { 'Idempotency-Key': 'count' });
    const since = performance.now();
    const first = await run();
    expect(first.field('execution.stdout')).toBe('1\n');
    await until(async () => (await run()).field('execution.stdout') === '2\n');
    expect(performance.now() - since).toBeGreaterThanOrEqual(resultTtlSeconds * 1000);
    await until(async () => (await service.call('GET', `/jobs/${String(first.field('job_id'))}`)).status === 404);
  });
});
