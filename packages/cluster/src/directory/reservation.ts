import { ApiError } from '@podman-api/errors';
import { type EndedJob, isEndStatus, type JobState, type JobStatus } from '@podman-api/jobs';
import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import { type DirectoryEntry, isReservation, parseNameEntry } from './entry.ts';

/** A name that a job reserves in the whole fleet for the container that it is to create. */
export interface Reservation {
  readonly name: string;
  readonly node: string;
  /** The id of the job. */
  readonly job: string;
}

/** Dependencies for reserving names. */
export interface ReservationParts {
  readonly redis: RedisClient;
  /** Reads the state of a job. */
  readonly readState: (job: string) => Promise<JobState>;
}

/** Reserves a name, unless a container or another job has it. Idempotent. */
const reserveScript = `
local names, containers = unpack(KEYS)
local name, node, job = unpack(ARGV)
local own = name .. ' ' .. node .. ' ' .. job
local holders = redis.call('ZRANGEBYLEX', names, '[' .. name .. ' ', '(' .. name .. '!')
for _, entry in ipairs(holders) do
  if entry ~= own then return entry end
end
redis.call('ZADD', names, 0, own)
redis.call('HSET', containers, job, name)
return ''`;

const releaseScript = `
local names, containers = unpack(KEYS)
local name, node, job = unpack(ARGV)
redis.call('ZREM', names, name .. ' ' .. node .. ' ' .. job)
redis.call('HDEL', containers, job)
return ''`;

/** Tries once to reserve a name. @returns the holder of the name if it is not free */
export async function tryReserve(redis: RedisClient, { name, node, job }: Reservation): Promise<DirectoryEntry | undefined> {
  const holder = await runScript(redis, reserveScript, [keys.names, keys.containers(node)], [name, node, job]);
  return holder === '' ? undefined : parseNameEntry(holder);
}

/** Releases a name that its job has not used. Idempotent. */
export async function release(redis: RedisClient, { name, node, job }: Reservation): Promise<void> {
  await runScript(redis, releaseScript, [keys.names, keys.containers(node)], [name, node, job]);
}

/**
 * Releases the name that an ended job had reserved. A job that may have created the container keeps the name: the list of the
 * containers of its node decides, see `releaseIfStale`.
 */
export async function releaseNameAfterEnd(
  redis: RedisClient,
  { id, job: { node, reserved_name }, outcome: { status } }: EndedJob,
): Promise<void> {
  if (reserved_name === undefined || mayHaveContainer(status)) return;
  await release(redis, { name: reserved_name, node, job: id });
}

/** Maximum number of attempts to reserve a name whose holder changes while it is checked. After that the name counts as in use. */
const maxAttempts = 3;

/**
 * Reserves a name in the whole fleet for the container that a job is to create. Takes the name over if its holder no longer exists.
 * @param hasContainer checks with a node whether it still has a container
 * @returns a 409 if the name is in use
 */
export async function reserve(
  parts: ReservationParts,
  reservation: Reservation,
  hasContainer: (entry: DirectoryEntry) => Promise<boolean>,
): Promise<ApiError | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const holder = await tryReserve(parts.redis, reservation);
    if (!holder) return undefined;
    const isGone = isReservation(holder) ? await releaseIfStale(parts, holder) : !(await hasContainer(holder));
    if (!isGone || attempt === maxAttempts) return nameInUseError(holder);
  }
}

/** Creates the 409 for a create whose name is in use. */
export function nameInUseError(holder: DirectoryEntry): ApiError {
  const { name, node, id } = holder;
  const by = isReservation(holder) ? `a container that is being created on the node ${node}` : `the container ${id} on the node ${node}`;
  return new ApiError('ConflictError', `The name ${name} is in use by ${by}: choose another, or remove the container that has it.`);
}

/** Time after the end of a job within which its node lists a container that the job created but could not report. */
const maxListDelayMs = 20_000;

/**
 * Releases a name whose job will not use it: the job has finished, or was never added because its API process died.
 * @returns whether the name was released
 */
export async function releaseIfStale({ redis, readState }: ReservationParts, entry: DirectoryEntry): Promise<boolean> {
  if (!isReservation(entry)) return false;
  const { name, node, id: job } = entry;
  if (!isStale(await readState(job))) return false;
  await release(redis, { name, node, job });
  return true;
}

/** Whether an ended job may have created a container. */
function mayHaveContainer(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'unknown';
}

/** Whether a job has ended without a container. A failed job has created none. */
export function hasEndedWithoutContainer({ record }: Pick<JobState, 'record'>): boolean {
  return record !== undefined && isEndStatus(record.status) && !mayHaveContainer(record.status);
}

/** Whether a job no longer needs its reservations: it has ended or was never added, and has no container that its node has yet to list. */
export function isStale({ record, mayStillBeAdded, isOrphan }: JobState): boolean {
  if (record && !isEndStatus(record.status)) return false;
  if (hasEndedWithoutContainer({ record })) return true;
  const isListed = record ? Date.now() - Date.parse(record.finished_at ?? '') > maxListDelayMs : !mayStillBeAdded;
  // A job of a dead worker may have created the container: a worker of its node has to list the containers first.
  return isListed && !isOrphan;
}
