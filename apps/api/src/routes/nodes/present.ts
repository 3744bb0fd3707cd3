import { type Fleet, type Node, unknownNode } from '@podman-api/cluster';
import { redisUnavailable } from '@podman-api/redis';
import type { AppParts } from '../../parts.ts';

/** What showing nodes needs. */
type NodeParts = Pick<AppParts, 'fleet' | 'jobs'>;

/** A node as an answer shows it. */
export interface ShownNode extends Node {
  /** Jobs that wait for it. */
  readonly queued: number;
}

/**
 * Nodes with what waits for them.
 * @throws ApiError (503) while Redis is away
 */
export async function presentNodes({ fleet, jobs }: NodeParts, nodes: readonly Node[]): Promise<readonly ShownNode[]> {
  if (!fleet.isRedisAvailable) throw redisUnavailable();
  const waiting = await jobs.waiting(nodes.map(({ name }) => name));
  return nodes.map((node, index) => ({ ...node, queued: waiting[index] ?? 0 }));
}

/** @throws ApiError (404) for a node that is not known, (503) while Redis is away */
export function knownNode(fleet: Fleet, name: string): Node {
  if (!fleet.isRedisAvailable) throw redisUnavailable();
  const node = fleet.nodes.get(name);
  if (!node) throw unknownNode(name);
  return node;
}
