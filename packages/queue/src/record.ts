import type { Redis } from 'ioredis';
import type { Outcome, StoredJob } from './job.ts';
import { keys } from './names.ts';

/** Our own record of how a job ended, beside BullMQ's job: a hash, kept for as long as results are. */
interface EndRecord {
  /** An `Outcome` as JSON. */
  readonly outcome?: string;
  /** Where BullMQ has the job no more: a `StoredJob` as JSON. */
  readonly job?: string;
}

/** Writes and tells in one round trip; the message is the job's id, a space, and the outcome as JSON. */
const tellScript = `
redis.call('HSET', KEYS[1], 'outcome', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('PUBLISH', ARGV[3], ARGV[4] .. ' ' .. ARGV[1])`;

/**
 * Writes how a job ended and tells those who listen on a channel.
 * @param ttl how long it is kept, in seconds
 */
export async function tellOutcome(redis: Redis, id: string, outcome: Outcome, ttl: number, channel: string): Promise<void> {
  await redis.eval(tellScript, 1, keys.record(id), JSON.stringify(outcome), ttl, channel, id);
}

/** Reads a message of `tellOutcome`. */
export function readMessage(message: string): { id: string; outcome: Outcome } {
  const space = message.indexOf(' ');
  return { id: message.slice(0, space), outcome: JSON.parse(message.slice(space + 1)) };
}

/** How a job ended, where it has, and the job itself where BullMQ has it no more. */
export async function readEnd(redis: Redis, id: string): Promise<{ outcome?: Outcome; job?: StoredJob }> {
  const { outcome, job }: EndRecord = await redis.hgetall(keys.record(id));
  return { ...(outcome !== undefined && { outcome: JSON.parse(outcome) }), ...(job !== undefined && { job: JSON.parse(job) }) };
}
