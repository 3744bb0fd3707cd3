import type { RedisClient } from '@podman-api/redis';
import { runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** The keys of a channel expire this long after neither end has touched them. */
const ttlSeconds = 60;

/** Maximum number of entries of one direction that wait in Redis. */
export const windowEntries = 8;

/**
 * Beginning of all scripts. Nothing of a channel is replicated or written to the append-only file: its bytes are useless after
 * a failover or a restart, and a gigabyte of them would fill the disk (https://redis.io/docs/latest/develop/programmability/lua-api/).
 */
const begin = `
if redis.replicate_commands then redis.replicate_commands() end
redis.set_repl(redis.REPL_NONE)
local function notify(process) if process then redis.call('PUBLISH', process, ARGV[1]) end end
`;

const openScript = `${begin}
redis.call('DEL', unpack(KEYS))
redis.call('HSET', KEYS[1], 'api', ARGV[2], 'api_at', redis.call('TIME')[1])
redis.call('EXPIRE', KEYS[1], ${ttlSeconds})
return 'open'`;

/**
 * Notes that an end is alive. Returns the seconds since the other one was, or `alone` if there was none yet. An end that has sent
 * everything need not live on: it may be gone before the rest is read.
 */
const touchScript = `${begin}
if redis.call('EXISTS', KEYS[1]) == 0 then return 'gone' end
local now = redis.call('TIME')[1]
local is_new = redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3], ARGV[2] .. '_at', now)
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ${ttlSeconds}) end
if is_new then notify(redis.call('HGET', KEYS[1], ARGV[4])) end
if redis.call('HEXISTS', KEYS[1], ARGV[4] .. '_ended') == 1 then return '0' end
local other_at = redis.call('HGET', KEYS[1], ARGV[4] .. '_at')
return other_at and redis.call('HEXISTS', KEYS[1], ARGV[4]) == 1 and tostring(now - other_at) or 'alone'`;

/**
 * Appends an entry under an explicit id, so that Redis rejects it if ioredis sends the command again after a lost connection.
 * The reader is notified only if it may have found nothing when it looked last.
 */
const writeScript = `${begin}
local reader = redis.call('HGET', KEYS[1], ARGV[4])
if not reader then return redis.call('EXISTS', KEYS[1]) == 1 and 'full' or 'gone' end
local waiting = redis.call('XLEN', KEYS[2])
if waiting >= ${windowEntries} then
  redis.call('HSET', KEYS[1], ARGV[4] .. '_full', '1')
  return 'full'
end
local added = redis.pcall('XADD', KEYS[2], ARGV[2] .. '-0', 'd', ARGV[3])
if type(added) == 'table' and added.err and not string.find(added.err, 'equal or smaller', 1, true) then return added end
redis.call('EXPIRE', KEYS[2], ${ttlSeconds})
if ARGV[6] == 'last' then redis.call('HSET', KEYS[1], ARGV[5] .. '_ended', '1') end
if waiting == 0 then notify(reader) end
return 'written'`;

/** Deletes the entries that were read. A writer that found the window full is notified when half of it is free again. */
const acknowledgeScript = `${begin}
if redis.call('EXISTS', KEYS[1]) == 0 then return 'gone' end
redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2] .. '-0')
if redis.call('XLEN', KEYS[2]) <= ${windowEntries / 2} and redis.call('HDEL', KEYS[1], ARGV[3] .. '_full') == 1 then
  notify(redis.call('HGET', KEYS[1], ARGV[4]))
end
return 'open'`;

const closeScript = `${begin}
local api, worker = unpack(redis.call('HMGET', KEYS[1], 'api', 'worker'))
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
  /** The channel of pub/sub of this process. */
  readonly news: string;
}

/** Returns the other end. */
export function otherEnd(end: ChannelEnd): ChannelEnd {
  return end === 'api' ? 'worker' : 'api';
}

function allKeys(id: string): readonly string[] {
  return [keys.channel(id), keys.channelIn(id), keys.channelOut(id)];
}

/** Opens a channel for a job that is to be submitted. */
export async function openChannel(redis: RedisClient, { id, news }: ChannelSide): Promise<void> {
  await runScript(redis, openScript, allKeys(id), [id, news]);
}

/** Notes that an end is alive. @returns the seconds since the other end was; `alone` if it has never been there; `gone` */
export async function touchChannel(redis: RedisClient, { id, end, news }: ChannelSide): Promise<number | 'alone' | 'gone'> {
  const answer = await runScript(redis, touchScript, allKeys(id), [id, end, news, otherEnd(end)]);
  return answer === 'gone' || answer === 'alone' ? answer : Number(answer);
}

/** An entry that is to be appended. */
export interface Entry {
  /** Starts at 1, without gaps. */
  readonly number: number;
  readonly sealed: Buffer;
  readonly isLast: boolean;
}

/** Appends an entry. Idempotent. @returns `written`, `full` or `gone` */
export function writeEntry(redis: RedisClient, { id, end }: ChannelSide, { number, sealed, isLast }: Entry): Promise<string> {
  const values = [id, number, sealed, otherEnd(end), end, isLast ? 'last' : ''];
  return runScript(redis, writeScript, [keys.channel(id), streamOf(id, end)], values);
}

/**
 * Deletes the entries up to a number, and reads the next ones.
 * @returns `undefined` if the channel is gone
 */
export async function readEntries(
  redis: RedisClient,
  { id, end }: ChannelSide,
  lastNumber: number,
): Promise<readonly { readonly number: number; readonly sealed: Buffer }[] | undefined> {
  const stream = streamOf(id, otherEnd(end));
  const [state, entries] = await Promise.all([
    runScript(redis, acknowledgeScript, [keys.channel(id), stream], [id, lastNumber + 1, end, otherEnd(end)]),
    redis.xrangeBuffer(stream, `(${lastNumber}-0`, '+', 'COUNT', windowEntries),
  ]);
  if (state === 'gone') return undefined;
  return entries.flatMap(([name, [, sealed]]) => (sealed ? [{ number: Number.parseInt(String(name), 10), sealed }] : []));
}

/** Deletes a channel; both ends are notified. Idempotent. */
export async function deleteChannel(redis: RedisClient, { id }: ChannelSide): Promise<void> {
  await runScript(redis, closeScript, allKeys(id), [id]);
}
