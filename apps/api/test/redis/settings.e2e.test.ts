import { type Service, startApi, startService, until } from '@podman-api/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

test('a Redis that may lose jobs is told of in health and in the log, and one that does not is not', async () => {
  const warningsOf = async (call: Service['call']) => (await call('GET', '/health')).field('warnings');
  expect(await warningsOf(service.call)).toEqual([]);

  await service.redis.askAll('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  await service.redis.askAll('CONFIG', 'SET', 'appendonly', 'no');
  const { api, call } = await startApi(service.env);
  const drops = expect.stringContaining('set its maxmemory-policy to noeviction; it is allkeys-lru');
  const forgets = expect.stringContaining('set its appendonly to yes');
  await until(async () => JSON.stringify(await warningsOf(call)) !== '[]');
  expect(await warningsOf(call)).toEqual([drops, forgets]);
  await api.says('maxmemory-policy');
  expect(await api.end()).toBe(0);
});
