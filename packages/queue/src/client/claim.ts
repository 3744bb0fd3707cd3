import { createHash } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import { longestLife } from '../limits.ts';
import { keys, placeOf } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';
import type { Seal } from '../seal.ts';

/** A caller's word that two requests are one and the same. */
export interface Idempotency {
  /** The caller's Idempotency-Key, and whose it is: two tokens may use the same. */
  readonly key: string;
  /** The whole request as a text. */
  readonly request: string;
}

/** A key that stands for a job. */
export interface Claim {
  /** The key in Redis. */
  readonly place: string;
  /** The job that whoever came first has made, or is to make. */
  readonly id: string;
  /** Whether the job has ended: then its record may expire at any moment, and must not be created again. */
  readonly hasEnded: boolean;
}

/** The first request with a key gives it a job; all others get that job, and how many seconds its claim has left. */
const script = `
local existing = redis.call('GET', KEYS[1])
if existing then return existing .. ' ' .. redis.call('TTL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return ARGV[1] .. ' ' .. ARGV[2]`;

/**
 * Claims an Idempotency-Key for a job, or finds the job that it stands for. The caller's key itself is nowhere in
 * Redis, and the request only as a fingerprint that takes SECRET_KEY to make, for it may hold a password.
 * @param resultTtl seconds; a claim is shortened to that when its job ends
 * @throws ApiError (422) where the key came with another request before
 */
export async function claim(redis: RedisClient, { key, request }: Idempotency, seal: Seal, id: string, resultTtl: number): Promise<Claim> {
  const place = placeOfKey(key);
  const [mine, ...older] = seal.fingerprints(request);
  const existing = await runScript(redis, script, [place], [`${id} ${mine}`, longestLife + resultTtl]);
  const secondsLeft = Number(existing.split(' ').at(-1));
  return { place, id: jobOf(existing, [mine, ...older]), hasEnded: secondsLeft <= resultTtl };
}

/**
 * The node of the job that an Idempotency-Key stands for already; nothing where it stands for none.
 * @throws ApiError (422) where the key came with another request before
 */
export async function recall(redis: RedisClient, { key, request }: Idempotency, seal: Seal): Promise<string | undefined> {
  const there = await redis.get(placeOfKey(key));
  return there === null ? undefined : placeOf(jobOf(there, seal.fingerprints(request)))?.node;
}

function placeOfKey(key: string): string {
  return keys.claim(createHash('sha256').update(key).digest('hex'));
}

function jobOf(claimed: string, fingerprints: readonly string[]): string {
  const [job = '', theirs] = claimed.split(' ');
  if (theirs !== undefined && fingerprints.includes(theirs)) return job;
  throw new ApiError('IdempotencyError', 'This Idempotency-Key came with another request before; use a new key for a new request.');
}

const freeScript = `
if string.find(redis.call('GET', KEYS[1]) or '', ARGV[1] .. ' ', 1, true) == 1 then redis.call('DEL', KEYS[1]) end
return ''`;

/** Frees the key of a job that never ran, so that the request can be sent again. */
export async function freeClaim(redis: RedisClient, place: string, id: string): Promise<void> {
  await runScript(redis, freeScript, [place], [id]);
}
