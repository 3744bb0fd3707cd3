import type { RedisClient } from '@podman-api/redis';
import { Queue } from 'bullmq';
import type { JobData } from '../job.ts';
import type { Lane } from '../lanes.ts';
import { queueName, queuePrefix } from './queue-names.ts';

/** The return value of an ended BullMQ job, for people who inspect the queue. */
export interface JobSummary {
  readonly status: string;
  readonly exit_code?: number | null;
}

/** BullMQ's queue of a node's lane. */
export type NodeQueue = Queue<JobData, JobSummary>;

/** Length of BullMQ's event stream, which nothing here reads. */
const maxEvents = 100;

/** The queues of all nodes, created on first use. They share one connection. */
export interface Queues {
  of(node: string, lane: Lane): NodeQueue;
  /** Closes the queues of all other nodes. They still answer calls, and `of` creates new ones. */
  retain(nodes: NodeSet): void;
}

/** The names of some nodes. */
export type NodeSet = Pick<ReadonlySet<string>, 'has'>;

/** Creates the queues. No connection is opened: all use the given one. */
export function createQueues(redis: RedisClient): Queues {
  const byNode = new Map<string, Map<Lane, NodeQueue>>();
  return {
    of(node, lane) {
      const queues = byNode.get(node) ?? new Map<Lane, NodeQueue>();
      byNode.set(node, queues);
      const queue = queues.get(lane) ?? createQueue(queueName(node, lane), queuePrefix(node), redis);
      queues.set(lane, queue);
      return queue;
    },
    retain(nodes) {
      for (const [node, queues] of byNode) {
        if (nodes.has(node)) continue;
        byNode.delete(node);
        // Removes the queue's listeners from the connection, which stays open.
        for (const queue of queues.values()) queue.close().catch(() => {});
      }
    },
  };
}

function createQueue(name: string, prefix: string, redis: RedisClient): NodeQueue {
  const queue: NodeQueue = new Queue(name, {
    connection: redis,
    prefix,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: maxEvents } },
  });
  // Failures reach callers as rejected promises.
  return queue.on('error', () => {});
}

/**
 * Adds a job to its queue. Does nothing if the queue already has a job with this id.
 * @param delayMs time after which the job is in the waiting list
 */
export async function enqueue(queue: NodeQueue, jobId: string, data: JobData, resultTtlSeconds: number, delayMs = 0): Promise<void> {
  const keep = { age: resultTtlSeconds };
  await queue.add(data.operation, data, {
    jobId,
    delay: delayMs,
    attempts: 1,
    stackTraceLimit: 0,
    removeOnComplete: keep,
    removeOnFail: keep,
  });
}
