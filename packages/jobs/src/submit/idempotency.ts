import { createHash } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import { type RedisClient, runScript } from '@podman-api/redis';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import type { Seal } from '../seal.ts';

/** Marks requests that are repetitions of one request. */
export interface Idempotency {
  /** The caller's Idempotency-Key with the name of its token: two tokens may use the same key. */
  readonly key: string;
  /** The whole request as text. */
  readonly request: string;
}

/** An Idempotency-Key that is claimed for a job. */
export interface Claim {
  /** The Redis key of the claim. */
  readonly redisKey: string;
  /** The job of the first request with this key. */
  readonly jobId: string;
  /** Whether the job has ended: then its record may expire at any moment, and must not be created again. */
  readonly hasEnded: boolean;
}

/** The first request with a key sets its job; later ones get that job. Returns the remaining seconds of the claim as well. */
const claimScript = `
local existing = redis.call('GET', KEYS[1])
if existing then return existing .. ' ' .. redis.call('TTL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return ARGV[1] .. ' ' .. ARGV[2]`;

/**
 * Claims an Idempotency-Key for a job, or finds the job of an earlier request with this key. Redis holds only a hash of the
 * key, and a fingerprint of the request that cannot be made without SECRET_KEY, because the request may hold a password.
 * @param resultTtlSeconds remaining time of a claim once its job has ended
 * @throws ApiError (422) if the key came with another request before
 */
export async function claimKey(
  redis: RedisClient,
  { key, request }: Idempotency,
  seal: Seal,
  newJobId: string,
  resultTtlSeconds: number,
): Promise<Claim> {
  const redisKey = redisKeyOf(key);
  const [fingerprint, ...older] = seal.fingerprints(request);
  const claimed = await runScript(redis, claimScript, [redisKey], [`${newJobId} ${fingerprint}`, maxJobLifeSeconds + resultTtlSeconds]);
  const secondsLeft = Number(claimed.split(' ').at(-1));
  return { redisKey, jobId: jobIdOf(claimed, [fingerprint, ...older]), hasEnded: secondsLeft <= resultTtlSeconds };
}

/**
 * Returns the node of the job that an Idempotency-Key stands for; `undefined` if the key is new.
 * @throws ApiError (422) if the key came with another request before
 */
export async function findClaimedNode(redis: RedisClient, { key, request }: Idempotency, seal: Seal): Promise<string | undefined> {
  const claimed = await redis.get(redisKeyOf(key));
  return claimed === null ? undefined : parseJobId(jobIdOf(claimed, seal.fingerprints(request)))?.node;
}

function redisKeyOf(key: string): string {
  return keys.idempotencyKey(createHash('sha256').update(key).digest('hex'));
}

function jobIdOf(claimed: string, fingerprints: readonly string[]): string {
  const [jobId = '', fingerprint] = claimed.split(' ');
  if (fingerprint !== undefined && fingerprints.includes(fingerprint)) return jobId;
  throw new ApiError('IdempotencyError', 'This Idempotency-Key came with another request before; use a new key for a new request.');
}

const releaseScript = `
if string.find(redis.call('GET', KEYS[1]) or '', ARGV[1] .. ' ', 1, true) == 1 then redis.call('DEL', KEYS[1]) end
return ''`;

/** Releases the Idempotency-Key of a job that never ran, so that the request can be sent again with it. */
export async function releaseKey(redis: RedisClient, redisKey: string, jobId: string): Promise<void> {
  await runScript(redis, releaseScript, [redisKey], [jobId]);
}
