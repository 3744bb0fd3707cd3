import type { Lane } from '@podman-api/operations';
import { lanes, queueKey } from '../names.ts';
import { runScript } from '../record/script.ts';
import type { RedisClient } from '../redis.ts';

/** BullMQ's key for the jobs of a state, and what counts them. */
const states = [
  ['waiting', 'wait', 'LLEN'],
  ['active', 'active', 'LLEN'],
  ['completed', 'completed', 'ZCARD'],
  ['failed', 'failed', 'ZCARD'],
] as const;

/** How many jobs are in each of BullMQ's states. */
export type Counts = Readonly<Record<(typeof states)[number][0], number>>;

/** How many jobs a queue has. */
export interface Depth extends Counts {
  readonly node: string;
  readonly lane: Lane;
}

const script = `
local counts = {}
for at, key in ipairs(KEYS) do counts[at] = redis.call(ARGV[(at - 1) % #ARGV + 1], key) end
return table.concat(counts, ' ')`;

/** Queues that are counted in one look: it is over in less than a ms, so that nobody has to wait for it. */
const queuesAtOnce = 250;

/** Counts the jobs in each queue of some nodes: in few looks, but for a Cluster, which has each node elsewhere. */
export async function countDepths(redis: RedisClient, nodes: readonly string[]): Promise<readonly Depth[]> {
  const queues = nodes.flatMap(node => lanes.map(lane => ({ node, lane })));
  const atOnce = redis.isCluster ? lanes.length : queuesAtOnce;
  const looks = Array.from({ length: Math.ceil(queues.length / atOnce) }, async (_, look) => {
    const some = queues.slice(look * atOnce, (look + 1) * atOnce);
    const touched = some.flatMap(({ node, lane }) => states.map(([, key]) => queueKey(node, lane, key)));
    const counts = await runScript(
      redis,
      script,
      touched,
      states.map(([, , count]) => count),
    );
    const numbers = counts.split(' ').map(Number);
    return some.map((queue, index) => {
      const [waiting = 0, active = 0, completed = 0, failed = 0] = numbers.slice(index * states.length);
      return { ...queue, waiting, active, completed, failed };
    });
  });
  return (await Promise.all(looks)).flat();
}

/** Counts the jobs of some nodes, all lanes together. */
export async function countJobs(redis: RedisClient, nodes: readonly string[]): Promise<Counts> {
  const depths = await countDepths(redis, nodes);
  const sum = (state: keyof Counts) => depths.reduce((total, depth) => total + depth[state], 0);
  return { waiting: sum('waiting'), active: sum('active'), completed: sum('completed'), failed: sum('failed') };
}

/** Counts the jobs that wait for each of some nodes, all lanes together. */
export async function countWaiting(redis: RedisClient, nodes: readonly string[]): Promise<readonly number[]> {
  const waiting = new Map<string, number>();
  for (const { node, waiting: count } of await countDepths(redis, nodes)) waiting.set(node, (waiting.get(node) ?? 0) + count);
  return nodes.map(node => waiting.get(node) ?? 0);
}
