import type { Lane } from '@podman-api/operations';
import { Queue } from 'bullmq';
import type { JobData } from './job.ts';
import { queueName, queuePrefix } from './names.ts';
import type { RedisClient } from './redis.ts';

/** What stands in a BullMQ job when it has ended: enough to read, no more. */
export interface JobSummary {
  readonly status: string;
  readonly exit_code?: number | null;
}

/** BullMQ's queue of a node's lane. */
export type NodeQueue = Queue<JobData, JobSummary>;

/** Entries of BullMQ's event stream that are kept; nothing of ours reads it. */
const eventsKept = 100;

/** The queues of all nodes, made when first asked for, on one connection. */
export interface Queues {
  of(node: string, lane: Lane): NodeQueue;
}

export function createQueues(redis: RedisClient): Queues {
  const queues = new Map<string, NodeQueue>();
  return {
    of(node, lane) {
      const name = queueName(node, lane);
      const queue = queues.get(name) ?? createQueue(name, queuePrefix(node), redis);
      queues.set(name, queue);
      return queue;
    },
  };
}

function createQueue(name: string, prefix: string, redis: RedisClient): NodeQueue {
  const queue: NodeQueue = new Queue(name, {
    connection: redis,
    prefix,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: eventsKept } },
  });
  // Callers hear of a failure by their own calls.
  return queue.on('error', () => {});
}
