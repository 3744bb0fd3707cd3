import { randomBytes } from 'node:crypto';
import { startRedis, type TestRedis } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newJobId } from '../src/job-id.ts';
import { keys } from '../src/keys.ts';
import { removeExpiredJobs } from '../src/queries/list.ts';
import { createSeal } from '../src/seal.ts';
import { claimKey, type Idempotency } from '../src/submit/idempotency.ts';
import { command, connectJobs, limits, secretKeys, type TestJobs } from './job-service.ts';

const { resultTtlSeconds } = limits;
const seal = createSeal(secretKeys);
let server: TestRedis;
let service: TestJobs;
beforeAll(async () => {
  server = await startRedis();
  service = await connectJobs(server.url);
});
afterAll(async () => {
  service.stop();
  await server.stop();
});

const submission = { type: command, input: { name: 'web' }, request_id: 'test', token: null, isDetached: true };
/** Submits a job. @returns `undefined` if the job of the key has expired */
async function submitOnce(node: string, idempotency?: Idempotency) {
  const prepared = await service.jobs.prepareJob('commands', node, idempotency);
  return service.jobs.submit(prepared, submission, new AbortController().signal);
}
const statusOf = async (id: string) => (await service.jobs.read(id))?.status;
const newIdempotency = () => {
  const text = randomBytes(5).toString('hex');
  return { key: text, request: text };
};

describe('an Idempotency-Key', () => {
  it('returns the first job, on its node', async () => {
    const idempotency = newIdempotency();
    const first = await submitOnce('key-a', idempotency);
    const second = await submitOnce('key-b', idempotency);
    expect(second?.id).toBe(first?.id);
    expect(await statusOf(first?.id ?? '')).toBe('queued');
    expect(await service.jobs.countWaiting(['key-a', 'key-b'])).toEqual([1, 0]);
  });

  it('completes the job of a first request that died after it had claimed the key', async () => {
    const idempotency = newIdempotency();
    const first = newJobId('half-a', 'commands');
    await claimKey(service.redis, idempotency, seal, first, resultTtlSeconds);
    expect((await submitOnce('half-b', idempotency))?.id).toBe(first);
    expect(await service.jobs.read(first)).toMatchObject({ status: 'queued', node: 'half-a' });
    expect(await service.jobs.countWaiting(['half-a', 'half-b'])).toEqual([1, 0]);
  });

  it('is free again if its job has just expired', async () => {
    const idempotency = newIdempotency();
    const expired = newJobId('expired', 'commands');
    const { redisKey } = await claimKey(service.redis, idempotency, seal, expired, resultTtlSeconds);
    // When a job ends, its claim gets this TTL. Its record expires a moment earlier; here it never existed.
    await service.redis.expire(redisKey, resultTtlSeconds);
    expect(await submitOnce('expired', idempotency)).toBeUndefined();
    const submitted = await submitOnce('expired', idempotency);
    expect(submitted?.id).not.toBe(expired);
    expect(await statusOf(submitted?.id ?? '')).toBe('queued');
    expect((await submitOnce('expired', idempotency))?.id).toBe(submitted?.id);
  });
});

describe('an Idempotency-Key of a request for several jobs', () => {
  it('is claimed by one of two different concurrent requests, and by each repetition of that one', async () => {
    const { key } = newIdempotency();
    const claim = (request: string) => service.jobs.claimRequest({ key, request });
    const requests = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'one' : 'other'));
    const claims = await Promise.allSettled(requests.map(claim));
    const claimedBy = new Set(requests.filter((_, index) => claims[index]?.status === 'fulfilled'));
    expect(claimedBy.size).toBe(1);
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const [refused] = requests.filter(request => !claimedBy.has(request));
    await expect(claim(refused ?? '')).rejects.toMatchObject({ status: 422 });
  });
});

describe('removeExpiredJobs', () => {
  it('removes expired jobs from the list of all jobs, and no others', async () => {
    const old = Date.now() - (resultTtlSeconds + 1) * 1000;
    const expired = Array.from({ length: 2500 }, () => newJobId('a', 'reads', old));
    const running = await service.jobs.submit(
      { id: newJobId('a', 'commands', old), node: 'a', claim: undefined },
      submission,
      new AbortController().signal,
    );
    const recent = newJobId('a', 'reads');
    await Promise.all([running?.id ?? '', ...expired].map(id => service.redis.zadd(keys.jobs, old, id)));
    await service.redis.zadd(keys.jobs, Date.now(), recent);
    await removeExpiredJobs(service.redis, resultTtlSeconds);
    const left = await service.redis.zrangebyscore(keys.jobs, '-inf', '+inf');
    expect(left).toContain(running?.id);
    expect(left).toContain(recent);
    expect(left.filter(id => expired.includes(id))).toEqual([]);
  });
});
