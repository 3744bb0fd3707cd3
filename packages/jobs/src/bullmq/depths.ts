import { type RedisClient, runScript } from '@podman-api/redis';
import { type Lane, lanes } from '../lanes.ts';
import { queueKey } from './queue-names.ts';

/** States with BullMQ's key for the jobs in it and the Redis command that counts them. The delayed jobs wait too, see fair-share. */
const states = [
  ['waiting', 'wait', 'LLEN'],
  ['held', 'delayed', 'ZCARD'],
  ['active', 'active', 'LLEN'],
  ['completed', 'completed', 'ZCARD'],
  ['failed', 'failed', 'ZCARD'],
] as const;

/** Number of jobs by state. */
export type Counts = Readonly<Record<Exclude<(typeof states)[number][0], 'held'>, number>>;

/** The counts of one queue. */
export interface QueueDepth extends Counts {
  readonly node: string;
  readonly lane: Lane;
}

const script = `
local counts = {}
for at, key in ipairs(KEYS) do counts[at] = redis.call(ARGV[(at - 1) % #ARGV + 1], key) end
return table.concat(counts, ' ')`;

/** Maximum number of queues per script: one script then blocks Redis for less than 1 ms. */
const queuesPerScript = 250;

/**
 * Counts the jobs in each queue of some nodes. Uses one script for many queues; in a Redis Cluster one script per node, because
 * the keys of different nodes are on different servers.
 */
export async function readDepths(redis: RedisClient, nodes: readonly string[]): Promise<readonly QueueDepth[]> {
  const queues = nodes.flatMap(node => lanes.map(lane => ({ node, lane })));
  const batchSize = redis.isCluster ? lanes.length : queuesPerScript;
  const batches = Array.from({ length: Math.ceil(queues.length / batchSize) }, async (_, index) => {
    const batch = queues.slice(index * batchSize, (index + 1) * batchSize);
    const scriptKeys = batch.flatMap(({ node, lane }) => states.map(([, key]) => queueKey(node, lane, key)));
    const commands = states.map(([, , command]) => command);
    const counts = (await runScript(redis, script, scriptKeys, commands)).split(' ').map(Number);
    return batch.map((queue, at) => {
      const [waiting = 0, held = 0, active = 0, completed = 0, failed = 0] = counts.slice(at * states.length);
      return { ...queue, waiting: waiting + held, active, completed, failed };
    });
  });
  return (await Promise.all(batches)).flat();
}

/** Sums the counts of all lanes of some nodes. */
export async function readCounts(redis: RedisClient, nodes: readonly string[]): Promise<Counts> {
  const depths = await readDepths(redis, nodes);
  const sum = (state: keyof Counts) => depths.reduce((total, depth) => total + depth[state], 0);
  return { waiting: sum('waiting'), active: sum('active'), completed: sum('completed'), failed: sum('failed') };
}

/** Returns the number of waiting jobs of each node, summed over its lanes, in the order of `nodes`. */
export async function readWaiting(redis: RedisClient, nodes: readonly string[]): Promise<readonly number[]> {
  const waiting = new Map<string, number>();
  for (const { node, waiting: count } of await readDepths(redis, nodes)) waiting.set(node, (waiting.get(node) ?? 0) + count);
  return nodes.map(node => waiting.get(node) ?? 0);
}
