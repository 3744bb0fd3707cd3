import { type Fleet, type Node, unknownNodeError } from '@podman-api/cluster';
import { redisUnavailable } from '@podman-api/redis';
import type { AppParts } from '../../parts.ts';

/** Dependencies for showing nodes. */
type NodeViewParts = Pick<AppParts, 'fleet' | 'jobs'>;

/** A node in a response. */
export interface ShownNode extends Node {
  /** Jobs that wait for the node. */
  readonly queued: number;
}

/**
 * Returns nodes with the number of jobs that wait for them.
 * @throws ApiError (503) while Redis is unavailable
 */
export async function presentNodes({ fleet, jobs }: NodeViewParts, nodes: readonly Node[]): Promise<readonly ShownNode[]> {
  if (!fleet.isRedisAvailable) throw redisUnavailable();
  const waiting = await jobs.countWaiting(nodes.map(({ name }) => name));
  return nodes.map((node, index) => ({ ...node, queued: waiting[index] ?? 0 }));
}

/** Returns a node. @throws ApiError (404) for an unknown node, (503) while Redis is unavailable */
export function requireNode(fleet: Fleet, name: string): Node {
  if (!fleet.isRedisAvailable) throw redisUnavailable();
  const node = fleet.nodes.get(name);
  if (!node) throw unknownNodeError(name);
  return node;
}
