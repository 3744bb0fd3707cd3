import { redisUnavailable } from '@podman-api/redis';
import type { DispatchContext, JobRequest } from './call.ts';
import { type NodeAnswer, runOnNodes } from './run-on-nodes.ts';

/** The result of a read that was run on several nodes. */
export interface NodesReply {
  /** The answers of the nodes whose read succeeded. */
  readonly answers: readonly NodeAnswer[];
  /** Nodes that did not answer. */
  readonly unreachable: readonly string[];
}

/** Runs a repeatable read on several nodes. @throws ApiError if no job could be added at all */
export async function queryNodes(context: DispatchContext, call: JobRequest, nodes: readonly string[]): Promise<NodesReply> {
  const wait = { signal: AbortSignal.timeout(context.requestTimeoutMs), limitsStragglers: true };
  const all = await runOnNodes(context, call, nodes, wait);
  const answers = all.filter(({ outcome }) => outcome?.status === 'succeeded');
  return { answers, unreachable: all.filter(answer => !answers.includes(answer)).map(({ node }) => node) };
}

/**
 * Runs a repeatable read on all nodes of the fleet. Nodes without a worker count as unreachable, unless they were removed.
 * @throws ApiError (503) while Redis is unavailable, because the nodes to query are unknown
 */
export async function queryFleet(context: DispatchContext, call: JobRequest): Promise<NodesReply> {
  const { fleet } = context;
  if (!fleet.isRedisAvailable) throw redisUnavailable();
  const all = [...fleet.nodes.keys()];
  const nodes = all.filter(node => fleet.canTakeJobs(node));
  // Just after an outage of Redis, no worker has sent a heartbeat yet.
  const unreported = all.filter(node => !fleet.canTakeJobs(node) && !fleet.isAbandoned(node));
  const { answers, unreachable } = await queryNodes(context, call, nodes);
  return { answers, unreachable: [...unreported, ...unreachable] };
}
