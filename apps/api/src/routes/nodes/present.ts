import type { Node, QueueClient } from '@podman-api/queue';
import { redisAway } from '@podman-api/queue';
import { unknownNode } from '../../fleet/placement.ts';

/** A node as an answer shows it. */
export interface ShownNode extends Node {
  /** Jobs that wait for it. */
  readonly queued: number;
}

/**
 * Nodes with what waits for them.
 * @throws ApiError (503) while Redis is away
 */
export async function presentNodes(queue: QueueClient, nodes: readonly Node[]): Promise<readonly ShownNode[]> {
  if (!queue.fleet.isRedisAvailable) throw redisAway();
  const waiting = await queue.waiting(nodes.map(({ name }) => name));
  return nodes.map((node, index) => ({ ...node, queued: waiting[index] ?? 0 }));
}

/** @throws ApiError (404) for a node that is not known, (503) while Redis is away */
export function knownNode(queue: QueueClient, name: string): Node {
  if (!queue.fleet.isRedisAvailable) throw redisAway();
  const node = queue.fleet.nodes.get(name);
  if (!node) throw unknownNode(name);
  return node;
}
