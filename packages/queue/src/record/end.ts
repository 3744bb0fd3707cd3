import { findTask } from '@podman-api/operations';
import { giveBackNameOf } from '../directory/claim-name.ts';
import { type Birth, exitCodeOf, type Outcome } from '../job.ts';
import { keys } from '../names.ts';
import { packOutput, packResult } from '../output/pack.ts';
import { type Space, takeSpace } from '../output/space.ts';
import type { RedisClient } from '../redis.ts';
import type { Seal } from '../seal.ts';
import { type Ended, endedOf } from '../tally/ended.ts';
import type { Tally } from '../tally/tally.ts';
import { birthFields, readOutcome, type SentOutcome } from './record.ts';
import { luaIsEnd, luaTell, runScript } from './script.ts';

/**
 * Writes how a job ended and tells those who wait. An end is for good: a worker that was thought dead and comes back
 * is not heard, for what it had running has been ended since. With a worker's name, only a job of its is ended.
 */
const script = `${luaIsEnd}${luaTell}
local status, worker = unpack(redis.call('HMGET', KEYS[1], 'status', 'worker'))
if is_end(status) then
  return status == ARGV[1] and redis.call('HGET', KEYS[1], 'finished_at') == ARGV[6] and 'ended' or status
end
if ARGV[2] ~= '' and (status ~= 'running' or worker ~= ARGV[2]) then return status or '' end
redis.call('HSET', KEYS[1], 'status', ARGV[1], unpack(ARGV, 7))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
if ARGV[4] == 'log' then redis.call('EXPIRE', KEYS[4], ARGV[3]) else redis.call('DEL', KEYS[4]) end
tell(KEYS[1], ARGV[5])
return 'ended'`;

/** What ending a job takes. */
export interface EndParts extends Space {
  readonly redis: RedisClient;
  readonly seal: Seal;
  /** Counts the jobs that are ended here. */
  readonly tally: Tally;
}

/** What is ended, and how. */
export interface End {
  readonly id: string;
  readonly data: Birth;
  readonly outcome: Outcome;
  /** How long it has run, in ms; `null` where it has not begun. */
  readonly duration: number | null;
  /** Bytes of the output that stand in Redis beside the outcome. */
  readonly logged?: number;
  /** Only if this worker has the job. */
  readonly ifOf?: string;
}

/** An end as it goes to Redis; to send it again is no different from once. */
export interface WrittenEnd {
  readonly id: string;
  readonly touched: readonly string[];
  readonly values: readonly (string | number)[];
  readonly claim: string | undefined;
  /** The job, where the name that it has claimed for a container is free again. */
  readonly unmade: Birth | undefined;
  /** What it takes in Redis and in memory, about, in bytes. */
  readonly bytes: number;
  /** Bytes of the output that stand in Redis beside the outcome. */
  readonly logged: number;
  /** What is counted of it. */
  readonly ended: Ended;
}

/** Packs how a job ended. */
export function writeEnd({ seal, resultTtl }: Pick<EndParts, 'seal' | 'resultTtl'>, end: End): WrittenEnd {
  const { id, data, outcome, duration, logged = 0, ifOf = '' } = end;
  const sent = packed(outcome, data.operation, seal, id);
  const fields = [...birthFields(data), ...endFields(sent)];
  const message = `${id} ${JSON.stringify(sent)}`;
  return {
    id,
    touched: [keys.record(id), keys.sealed(id), keys.waits(id), keys.output(id)],
    values: [outcome.status, ifOf, resultTtl, logged > 0 ? 'log' : '', message, outcome.finished_at, ...fields],
    claim: data.claim,
    // What became of a job whose outcome is unknown its node will see.
    unmade: outcome.status === 'succeeded' || outcome.status === 'unknown' ? undefined : data,
    bytes: (sent.output?.length ?? 0) + (sent.sealed_result?.length ?? 0),
    logged,
    ended: endedOf(data, outcome, duration),
  };
}

/**
 * Ends a job, where it has not ended already.
 * @returns whether it was ended so by this call
 */
export async function sendEnd(
  { redis, tally, ...space }: EndParts,
  { id, touched, values, claim, unmade, bytes, logged, ended }: WrittenEnd,
): Promise<boolean> {
  // Before the end: a claim that outlived its job's record would stand for a job that could be made anew.
  if (claim !== undefined) await redis.expire(claim, space.resultTtl);
  const taken = takeSpace(redis, id, bytes + logged, space);
  const [answer] = await Promise.all([runScript(redis, script, touched, values), taken]);
  if (answer === 'ended') tally.count(ended);
  if (unmade) await giveBackNameOf(redis, id, unmade);
  return answer === 'ended';
}

/** Both in one. */
export function endJob(parts: EndParts, end: End): Promise<boolean> {
  return sendEnd(parts, writeEnd(parts, end));
}

/** Reads a message of `endJob`; nothing where it is one about output. */
export function readMessage(message: string, seal: Seal): { id: string; outcome?: Outcome } {
  const space = message.indexOf(' ');
  const id = message.slice(0, space);
  const text = message.slice(space + 1);
  return text === '+' ? { id } : { id, outcome: readOutcome(JSON.parse(text), seal, id) };
}

function packed({ output, result, ...outcome }: Outcome, operation: string, seal: Seal, id: string): SentOutcome {
  // What a read gives is what containers have written, or long; either is nothing for people who look into Redis.
  const isRead = findTask(operation)?.lane === 'reads';
  const told = { ...outcome, ...(result && (isRead ? { sealed_result: packResult(result, seal, id) } : { result })) };
  if (!output) return told;
  const { chunks, truncated } = output;
  return {
    ...told,
    ...(chunks.length > 0 && { output: packOutput(chunks, seal, id).toString('base64') }),
    truncated: String(truncated),
  };
}

/** The fields of a record that tell how its job ended. */
export function endFields(sent: SentOutcome): string[] {
  const { result, sealed_result, error, finished_at, output, truncated } = sent;
  const code = exitCodeOf(sent);
  const fields = {
    finished_at,
    exit_code: code === undefined ? undefined : String(code),
    result: result && JSON.stringify(result),
    sealed_result,
    error: error && JSON.stringify(error),
    output,
    truncated,
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}
