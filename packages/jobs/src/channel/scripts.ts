import { parseAnswer, type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** Time after the last touch by either end at which the keys of a channel expire. */
const ttlSeconds = 60;

/**
 * Time without a touch by the API process after which another process may replace its channel: three times the interval between two
 * touches.
 */
const staleAfterSeconds = 6;

/** Maximum number of entries of one direction that wait in Redis. */
const windowEntries = 4;

/**
 * Beginning of all scripts. Nothing of a channel is replicated or written to the append-only file: its bytes are useless after
 * a failover or a restart, and a gigabyte of them would fill the disk (https://redis.io/docs/latest/develop/programmability/lua-api/).
 */
const begin = `
if redis.replicate_commands then redis.replicate_commands() end
redis.set_repl(redis.REPL_NONE)
local state = KEYS[1]
local id, epoch = unpack(ARGV)
local function notify(process) if process then redis.call('PUBLISH', process, id) end end
`;

/** Ends a script if the channel is gone, or if another has been opened for the job in its place. */
const requireSame = `
local current_epoch = redis.call('HGET', state, 'epoch')
if current_epoch ~= epoch then return current_epoch and 'replaced' or 'gone' end
`;

/**
 * Opens a channel. A channel of a live API process stays if `policy` is `keep`: a process that has died has no subscription
 * any more. A Redis Cluster counts the subscribers of one server only, so there the process counts as dead after some seconds
 * of silence.
 */
const openScript = `${begin}
local own_pubsub_channel, policy, server_kind = unpack(ARGV, 3)
local api, api_at, worker = unpack(redis.call('HMGET', state, 'api', 'api_at', 'worker'))
local now = redis.call('TIME')[1]
local is_kept = policy == 'keep' and api and now - api_at < ${staleAfterSeconds}
if is_kept and (server_kind == 'cluster' or redis.call('PUBLISH', api, id) > 0) then return 'in-use' end
redis.call('DEL', unpack(KEYS))
redis.call('HSET', state, 'epoch', epoch, 'api', own_pubsub_channel, 'api_at', now)
redis.call('EXPIRE', state, ${ttlSeconds})
if api then notify(api) end
if worker then notify(worker) end
return 'open'`;

/**
 * Records that an end is alive. Returns the seconds since the other end last did so, or `alone` if it never has. An end that
 * has sent everything may exit before the other end has read the rest.
 */
const touchScript = `${begin}${requireSame}
local own_end, own_pubsub_channel, other_end = unpack(ARGV, 3)
local now = redis.call('TIME')[1]
local is_new = redis.call('HEXISTS', state, own_end) == 0
redis.call('HSET', state, own_end, own_pubsub_channel, own_end .. '_at', now)
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ${ttlSeconds}) end
if is_new then notify(redis.call('HGET', state, other_end)) end
if redis.call('HEXISTS', state, other_end .. '_ended') == 1 then return '0' end
local other_at = redis.call('HGET', state, other_end .. '_at')
return other_at and redis.call('HEXISTS', state, other_end) == 1 and tostring(now - other_at) or 'alone'`;

/**
 * Appends an entry under an explicit id, so that Redis rejects it if ioredis sends the command again after a lost connection.
 * The reader is notified only if its last read may have found nothing.
 */
const writeScript = `${begin}${requireSame}
local stream = KEYS[2]
local number, sealed, reader_end, writer_end, last = unpack(ARGV, 3)
local reader = redis.call('HGET', state, reader_end)
if not reader then return 'full' end
local waiting = redis.call('XLEN', stream)
if waiting >= ${windowEntries} then
  redis.call('HSET', state, reader_end .. '_full', '1')
  return 'full'
end
local added = redis.pcall('XADD', stream, number .. '-0', 'd', sealed)
if type(added) == 'table' and added.err and not string.find(added.err, 'equal or smaller', 1, true) then return added end
redis.call('EXPIRE', stream, ${ttlSeconds})
if last == 'last' then redis.call('HSET', state, writer_end .. '_ended', '1') end
if waiting == 0 then notify(reader) end
return 'written'`;

/** Deletes the entries that were read. A writer that found the window full is notified when half of it is free again. */
const acknowledgeScript = `${begin}${requireSame}
local stream = KEYS[2]
local first_unread, reader_end, writer_end = unpack(ARGV, 3)
redis.call('XTRIM', stream, 'MINID', first_unread .. '-0')
if redis.call('XLEN', stream) <= ${windowEntries / 2} and redis.call('HDEL', state, reader_end .. '_full') == 1 then
  notify(redis.call('HGET', state, writer_end))
end
return 'open'`;

const closeScript = `${begin}${requireSame}
local api, worker = unpack(redis.call('HMGET', state, 'api', 'worker'))
redis.call('DEL', unpack(KEYS))
notify(api)
notify(worker)
return 'closed'`;

/** An end of a job's channel: the API process that submitted the job, or the worker that runs it. */
export type ChannelEnd = 'api' | 'worker';

/** Returns the key of the stream that an end writes to. */
export function streamOf(id: string, sender: ChannelEnd): string {
  return sender === 'api' ? keys.channelIn(id) : keys.channelOut(id);
}

/** One end of a job's channel, as its process sees it. */
export interface ChannelSide {
  readonly id: string;
  readonly end: ChannelEnd;
  /** Distinguishes the channel from earlier and later channels of the same job. */
  readonly epoch: string;
  /** The pub/sub channel of this process. */
  readonly notificationChannel: string;
}

const absences = ['gone', 'replaced'] as const;

/** Why a channel is broken: it was closed or lost, or another was opened for the job in its place. */
export type Absence = (typeof absences)[number];

/** Returns whether a script has found that the channel is broken. */
export function isAbsence(answer: unknown): answer is Absence {
  return absences.some(absence => absence === answer);
}

/** Returns the other end. */
export function otherEnd(end: ChannelEnd): ChannelEnd {
  return end === 'api' ? 'worker' : 'api';
}

function allKeys(id: string): readonly string[] {
  return [keys.channel(id), keys.channelIn(id), keys.channelOut(id)];
}

/**
 * Opens a channel for a job, and closes an earlier channel of the job.
 * @param isKept whether an earlier channel is kept if its API process is alive
 * @returns whether the channel was opened
 */
export async function openChannel(redis: RedisClient, { id, epoch, notificationChannel }: ChannelSide, isKept = false): Promise<boolean> {
  const answer = await runScript(redis, openScript, allKeys(id), [
    id,
    epoch,
    notificationChannel,
    isKept ? 'keep' : 'replace',
    redis.isCluster ? 'cluster' : 'single',
  ]);
  return answer === 'open';
}

/** Reads the epoch of a job's channel; `undefined` if the job has no channel. */
export async function readEpoch(redis: RedisClient, id: string): Promise<string | undefined> {
  return (await redis.hget(keys.channel(id), 'epoch')) ?? undefined;
}

/** Records that an end is alive. @returns the seconds since the other end last did so; `alone` if it never has */
export async function touchChannel(
  redis: RedisClient,
  { id, epoch, end, notificationChannel }: ChannelSide,
): Promise<number | 'alone' | Absence> {
  const answer = await runScript(redis, touchScript, allKeys(id), [id, epoch, end, notificationChannel, otherEnd(end)]);
  return isAbsence(answer) || answer === 'alone' ? answer : Number(answer);
}

/** An entry that is to be appended. */
export interface ChannelEntry {
  /** Starts at 1, without gaps. */
  readonly number: number;
  readonly sealed: Buffer;
  readonly isLast: boolean;
}

const writeAnswers = ['written', 'full', ...absences] as const;

/** Appends an entry. Idempotent. @returns `full` if the entry must be sent again later, or why the channel is broken */
export async function writeEntry(
  redis: RedisClient,
  { id, epoch, end }: ChannelSide,
  { number, sealed, isLast }: ChannelEntry,
): Promise<(typeof writeAnswers)[number]> {
  const values = [id, epoch, number, sealed, otherEnd(end), end, isLast ? 'last' : ''];
  return parseAnswer(await runScript(redis, writeScript, [keys.channel(id), streamOf(id, end)], values), writeAnswers);
}

/** An entry as it was read. */
type ReadEntry = Pick<ChannelEntry, 'number' | 'sealed'>;

/** Deletes the entries up to a number, and reads the next ones. @returns why the channel is broken if it is */
export async function readEntries(
  redis: RedisClient,
  { id, epoch, end }: ChannelSide,
  lastNumber: number,
): Promise<readonly ReadEntry[] | Absence> {
  const stream = streamOf(id, otherEnd(end));
  const [state, entries] = await Promise.all([
    runScript(redis, acknowledgeScript, [keys.channel(id), stream], [id, epoch, lastNumber + 1, end, otherEnd(end)]),
    redis.xrangeBuffer(stream, `(${lastNumber}-0`, '+', 'COUNT', windowEntries),
  ]);
  if (isAbsence(state)) return state;
  return entries.flatMap(([name, [, sealed]]) => (sealed ? [{ number: Number.parseInt(String(name), 10), sealed }] : []));
}

/** Deletes a channel; both ends are notified. Idempotent. */
export async function deleteChannel(redis: RedisClient, { id, epoch }: ChannelSide): Promise<void> {
  await runScript(redis, closeScript, allKeys(id), [id, epoch]);
}
