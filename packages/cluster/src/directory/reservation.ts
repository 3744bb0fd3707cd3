import { ApiError } from '@podman-api/errors';
import type { EndedJob, JobState } from '@podman-api/jobs';
import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import { type Entry, isReservation, parseNameEntry } from './entry.ts';

/** A name that a job reserves in the whole fleet for the container that it is to create. */
export interface Reservation {
  readonly name: string;
  readonly node: string;
  /** The id of the job. */
  readonly job: string;
}

/** What reservations need. */
export interface ReservationParts {
  readonly redis: RedisClient;
  /** Reads how far a job is. */
  readonly stateOf: (job: string) => Promise<JobState>;
}

/** Reserves a name, unless a container or another job has it. Safe to repeat. */
const reserveScript = `
local mine = ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3]
local there = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. ARGV[1] .. ' ', '(' .. ARGV[1] .. '!')
for _, entry in ipairs(there) do
  if entry ~= mine then return entry end
end
redis.call('ZADD', KEYS[1], 0, mine)
redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
return ''`;

const releaseScript = `
redis.call('ZREM', KEYS[1], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
redis.call('HDEL', KEYS[2], ARGV[3])
return ''`;

/** Tries once to reserve a name. @returns the holder of the name if it is not free */
export async function tryReserve(redis: RedisClient, { name, node, job }: Reservation): Promise<Entry | undefined> {
  const holder = await runScript(redis, reserveScript, [keys.names, keys.containers(node)], [name, node, job]);
  return holder === '' ? undefined : parseNameEntry(holder);
}

/** Releases a name that its job has not used. Safe to repeat. */
export async function release(redis: RedisClient, { name, node, job }: Reservation): Promise<void> {
  await runScript(redis, releaseScript, [keys.names, keys.containers(node)], [name, node, job]);
}

/** Releases the name that an ended job had reserved, unless it may have created the container: then its node knows. */
export async function releaseAfterEnd(
  redis: RedisClient,
  { id, job: { node, reserved_name }, outcome: { status } }: EndedJob,
): Promise<void> {
  if (reserved_name === undefined || status === 'succeeded' || status === 'unknown') return;
  await release(redis, { name: reserved_name, node, job: id });
}

/** The holder of a name may change while it is checked; after so many tries the name counts as in use. */
const maxTries = 3;

/**
 * Reserves a name in the whole fleet for the container that a job is to create. A holder that no longer exists loses it.
 * @param hasContainer asks a node whether it still has a container
 * @returns a 409 if the name is in use
 */
export async function reserve(
  parts: ReservationParts,
  reservation: Reservation,
  hasContainer: (entry: Entry) => Promise<boolean>,
): Promise<ApiError | undefined> {
  for (let tried = 1; ; tried += 1) {
    const holder = await tryReserve(parts.redis, reservation);
    if (!holder) return undefined;
    const isGone = isReservation(holder) ? await releaseIfStale(parts, holder) : !(await hasContainer(holder));
    if (!isGone || tried === maxTries) return nameInUse(holder);
  }
}

/** Creates the 409 for a create whose name is in use. */
export function nameInUse(holder: Entry): ApiError {
  const { name, node, id } = holder;
  const by = isReservation(holder) ? `a container that is being made on the node ${node}` : `the container ${id} on the node ${node}`;
  return new ApiError('ConflictError', `The name ${name} is in use by ${by}: choose another, or remove the container that has it.`);
}

/** What a job has created but could not report is listed by its node within this time after the job's end. */
const listedWithinMs = 20_000;

/**
 * Releases a name whose job will not use it: the job has ended, or was never added because its API process died.
 * @returns whether the name was released
 */
export async function releaseIfStale({ redis, stateOf }: ReservationParts, entry: Entry): Promise<boolean> {
  if (!isReservation(entry)) return false;
  const { name, node, id: job } = entry;
  if (!isStale(await stateOf(job))) return false;
  await release(redis, { name, node, job });
  return true;
}

function isStale({ record, mayStillBeAdded, isOrphan }: JobState): boolean {
  if (record?.status === 'queued' || record?.status === 'running') return false;
  // A job that has failed has created nothing.
  if (record && record.status !== 'unknown' && record.status !== 'succeeded') return true;
  const isListed = record ? Date.now() - Date.parse(record.finished_at ?? '') > listedWithinMs : !mayStillBeAdded;
  // What the job of a dead worker has created exists when its node comes back: a worker of the node has to look first.
  return isListed && !isOrphan;
}
