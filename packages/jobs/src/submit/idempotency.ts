import { createHash } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import { type RedisClient, runScript } from '@podman-api/redis';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { maxJobLifeSeconds } from '../limits.ts';
import type { Seal } from '../seal.ts';

/** Identifies repeated requests. */
export interface Idempotency {
  /** The caller's Idempotency-Key, prefixed with the name of its token, because two tokens may use the same key. */
  readonly key: string;
  /** The whole request as text. */
  readonly request: string;
}

/** The claim of an Idempotency-Key for a job. */
export interface KeyClaim {
  /** The Redis key of the claim. */
  readonly redisKey: string;
  /** The job of the first request with this key. */
  readonly jobId: string;
  /** Whether the job has ended. Its record may then expire at any moment and must not be created again. */
  readonly hasEnded: boolean;
}

/** The first request with a key sets its job; later ones get that job. Returns `<job id> <fingerprint> <TTL in seconds>`. */
const claimScript = `
local key = KEYS[1]
local claim, ttl = unpack(ARGV)
local existing = redis.call('GET', key)
if existing then return existing .. ' ' .. redis.call('TTL', key) end
redis.call('SET', key, claim, 'EX', ttl)
return claim .. ' ' .. ttl`;

/**
 * Claims an Idempotency-Key for a job, or finds the job of an earlier request with this key. Redis stores only a hash of the
 * key and an HMAC of the request, because the request may contain a password.
 * @param resultTtlSeconds TTL of a claim once its job has ended
 * @throws ApiError (422) if the key was used for a different request
 */
export async function claimKey(
  redis: RedisClient,
  { key, request }: Idempotency,
  seal: Seal,
  newJobId: string,
  resultTtlSeconds: number,
): Promise<KeyClaim> {
  const redisKey = redisKeyOf(key);
  const [fingerprint, ...older] = seal.fingerprints(request);
  const claim = await runScript(redis, claimScript, [redisKey], [`${newJobId} ${fingerprint}`, maxJobLifeSeconds + resultTtlSeconds]);
  const secondsLeft = Number(claim.split(' ').at(-1));
  return { redisKey, jobId: jobIdOf(claim, [fingerprint, ...older]), hasEnded: secondsLeft <= resultTtlSeconds };
}

/**
 * Returns the node of the job that was created with an Idempotency-Key; `undefined` if the key is new.
 * @throws ApiError (422) if the key was used for a different request
 */
export async function findClaimedNode(redis: RedisClient, { key, request }: Idempotency, seal: Seal): Promise<string | undefined> {
  const claim = await redis.get(redisKeyOf(key));
  return claim === null ? undefined : parseJobId(jobIdOf(claim, seal.fingerprints(request)))?.node;
}

/**
 * Claims an Idempotency-Key for a request that adds several jobs, each of which has its own key: two different requests that
 * come at once must not each add a part of their jobs.
 * @param resultTtlSeconds TTL of the claim of a job that has ended
 * @throws ApiError (422) if the key was used for a different request
 */
export async function claimRequest(redis: RedisClient, { key, request }: Idempotency, seal: Seal, resultTtlSeconds: number): Promise<void> {
  const [fingerprint, ...older] = seal.fingerprints(request);
  // No key of a caller has a newline.
  const redisKey = redisKeyOf(`${key}\nrequest`);
  const claim = await runScript(redis, claimScript, [redisKey], [`request ${fingerprint}`, maxJobLifeSeconds + resultTtlSeconds]);
  jobIdOf(claim, [fingerprint, ...older]);
}

function redisKeyOf(key: string): string {
  return keys.idempotencyKey(createHash('sha256').update(key).digest('hex'));
}

function jobIdOf(claim: string, fingerprints: readonly string[]): string {
  const [jobId = '', fingerprint] = claim.split(' ');
  if (fingerprint !== undefined && fingerprints.includes(fingerprint)) return jobId;
  throw new ApiError('IdempotencyError', 'The Idempotency-Key was used for another request; use a new key for a new request.');
}

const releaseScript = `
local key, job_id = KEYS[1], ARGV[1]
if string.find(redis.call('GET', key) or '', job_id .. ' ', 1, true) == 1 then redis.call('DEL', key) end
return ''`;

/** Releases the Idempotency-Key of a job that never ran, so that the request can be sent again with the same key. */
export async function releaseKey(redis: RedisClient, redisKey: string, jobId: string): Promise<void> {
  await runScript(redis, releaseScript, [redisKey], [jobId]);
}
