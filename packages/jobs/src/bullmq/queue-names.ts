import { nodeTag } from '@podman-api/redis';
import { laneSuffixes } from '../job-id.ts';
import type { Lane } from '../lanes.ts';

/** Returns the name of a lane's BullMQ queue: `podman-<node>`, `podman-<node>_reads` or `podman-<node>_waits`. */
export function queueName(node: string, lane: Lane): string {
  return `podman-${node}${laneSuffixes[lane]}`;
}

/** Returns BullMQ's prefix for a node's queues, whose keys are `bull:{<node>}:podman-<node>:…`. */
export function queuePrefix(node: string): string {
  return `bull:${nodeTag(node)}`;
}

/** Returns BullMQ's own key for a part of a queue: a list such as `wait`, or a job by its id. */
export function queueKey(node: string, lane: Lane, part: string): string {
  return `${queuePrefix(node)}:${queueName(node, lane)}:${part}`;
}
