import { runScript } from '@podman-api/redis';
import { cancelledOutcome } from '../job.ts';
import { parseJobId } from '../job-id.ts';
import { keys } from '../keys.ts';
import { type WithdrawParts, withdraw } from './withdraw.ts';

/** Marks a running job; its worker polls for marked jobs several times a second. */
const script = `
local record, cancels = unpack(KEYS)
local id, ttl = unpack(ARGV)
if redis.call('HGET', record, 'status') ~= 'running' then return 'no' end
redis.call('HSET', record, 'cancel', '1')
redis.call('SADD', cancels, id)
redis.call('EXPIRE', cancels, ttl)
return 'yes'`;

/** TTL of the marks of a node; each new mark restarts it. The end of a job removes its mark (record/end.ts, record/end-queued.ts). */
const markTtlSeconds = 3600;

/** Cancels a job: a queued one never runs; the worker of a running one is notified. Does nothing if the job has ended. */
export async function cancelJob(parts: WithdrawParts, id: string): Promise<void> {
  const node = parseJobId(id)?.node;
  if (node === undefined) return;
  await withdraw(parts, id, { outcome: cancelledOutcome() });
  await runScript(parts.redis, script, [keys.record(id), keys.cancels(node)], [id, markTtlSeconds]);
}
