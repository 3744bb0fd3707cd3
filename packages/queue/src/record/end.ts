import { findOperation } from '@podman-api/operations';
import type { Redis } from 'ioredis';
import { type Birth, exitCodeOf, type Outcome } from '../job.ts';
import { keys } from '../names.ts';
import { packOutput, packResult } from '../output/pack.ts';
import { type Space, takeSpace } from '../output/space.ts';
import type { Seal } from '../seal.ts';
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
redis.call('EXPIRE', KEYS[5], ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
if ARGV[4] == 'log' then redis.call('EXPIRE', KEYS[4], ARGV[3]) else redis.call('DEL', KEYS[4]) end
tell(KEYS[1], ARGV[5])
return 'ended'`;

/** What ending a job takes. */
export interface EndParts extends Space {
  readonly redis: Redis;
  readonly seal: Seal;
}

/** What is ended, and how. */
export interface End {
  readonly id: string;
  readonly data: Birth;
  readonly outcome: Outcome;
  /** Bytes of the output that stand in Redis beside the outcome. */
  readonly logged?: number;
  /** Only if this worker has the job. */
  readonly ifOf?: string;
}

/**
 * Ends a job, where it has not ended already.
 * @returns whether it was ended so by this call
 */
export async function endJob({ redis, seal, ...space }: EndParts, { id, data, outcome, logged = 0, ifOf = '' }: End): Promise<boolean> {
  const sent = packed(outcome, data.operation, seal, id);
  const fields = [...birthFields(data), ...endFields(sent)];
  const touched = [keys.record(id), keys.sealed(id), keys.waits(id), keys.output(id), data.claim ?? keys.record(id)];
  const message = `${id} ${JSON.stringify(sent)}`;
  const values = [outcome.status, ifOf, space.resultTtl, logged > 0 ? 'log' : '', message, outcome.finished_at, ...fields];
  const bytes = (sent.output?.length ?? 0) + (sent.sealed_result?.length ?? 0) + logged;
  const taken = takeSpace(redis, id, bytes, space);
  const [answer] = await Promise.all([runScript(redis, script, touched, values), taken]);
  return answer === 'ended';
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
  const isRead = findOperation(operation)?.lane === 'reads';
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
export function endFields({ result, sealed_result, error, finished_at, output, truncated }: SentOutcome): string[] {
  const code = exitCodeOf({ ...(result && { result }), ...(error && { error }) });
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
