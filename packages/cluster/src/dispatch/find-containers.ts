import type { Outcome, Requester } from '@podman-api/jobs';
import { redisUnavailable, withRedisErrors } from '@podman-api/redis';
import { type Entry, isReservation } from '../directory/entry.ts';
import { findEntries } from '../directory/find-entries.ts';
import { putEntry, removeEntry } from '../directory/node-directory.ts';
import { nameInUse } from '../directory/reservation.ts';
import type { DispatchParts, SubmitToNode } from './call.ts';
import { nodeAnswerTimeoutMs, runOnNodes } from './run-on-nodes.ts';

/** A container in the result of the job that finds containers. */
interface FoundContainer {
  readonly id: string;
  readonly name: string;
}

/** The result of a search for a container. */
export interface ContainerLocation {
  readonly entries: readonly Entry[];
  /** Nodes that may have it and did not answer. */
  readonly unreachable: readonly string[];
}

/**
 * Finds the nodes that have a container. If the directory has no entry, queries the nodes: a container that was created without
 * the API is added to the directory a moment later.
 * @param reference the container's name or an id prefix
 * @throws ApiError (503) while Redis is unavailable, because the nodes to query are unknown
 */
export async function findContainers(
  parts: DispatchParts,
  submitToNode: SubmitToNode,
  reference: string,
  requester: Requester,
): Promise<ContainerLocation> {
  const { redis, fleet } = parts;
  const entries = await withRedisErrors(findEntries(redis, reference));
  if (entries.length > 0) return { entries, unreachable: [] };
  if (!fleet.isRedisAvailable) throw redisUnavailable();
  const all = [...fleet.nodes.keys()];
  const nodes = all.filter(node => fleet.canTakeJobs(node));
  // Just after an outage of Redis, no worker has sent a heartbeat yet.
  const unreported = all.filter(node => !fleet.canTakeJobs(node) && !fleet.isAbandoned(node));
  const { found, silent } = await queryNodes(parts, submitToNode, reference, nodes, requester);
  await withRedisErrors(Promise.all(found.map(entry => putEntry(redis, entry))));
  return { entries: found, unreachable: [...unreported, ...silent] };
}

/**
 * Checks with a node whether it has a container that the directory lists, under its name. If not, removes the entry and adds
 * the container that has the name now.
 * @returns `true` also if the node does not answer
 */
export async function hasContainer(parts: DispatchParts, submitToNode: SubmitToNode, entry: Entry, requester: Requester): Promise<boolean> {
  const { redis, fleet } = parts;
  const { node, id, name } = entry;
  if (isReservation(entry) || !fleet.canTakeJobs(node)) return true;
  const { found, silent } = await queryNodes(parts, submitToNode, name, [node], requester);
  if (silent.length > 0) return true;
  const sameName = found.filter(one => one.name === name);
  if (sameName.some(one => one.id === id)) return true;
  await withRedisErrors(removeEntry(redis, entry));
  await withRedisErrors(Promise.all(sameName.map(one => putEntry(redis, one))));
  return false;
}

/** Rejects a dry run of a create whose name is in use, as a create fails. @throws ApiError (409) if a container of the fleet has the name */
export async function rejectNameInUse(
  parts: DispatchParts,
  submitToNode: SubmitToNode,
  name: string | undefined,
  requester: Requester,
): Promise<void> {
  if (parts.fleet.nodes.size < 2 || name === undefined) return;
  const { entries } = await findContainers(parts, submitToNode, name, requester);
  const [holder] = entries.filter(entry => entry.name === name);
  if (holder) throw nameInUse(holder);
}

/** Runs the job that finds containers on several nodes. @returns the containers, and the nodes that did not answer */
async function queryNodes(
  parts: DispatchParts,
  submitToNode: SubmitToNode,
  reference: string,
  nodes: readonly string[],
  { request_id, token }: Requester,
) {
  const call = { type: parts.findType, input: { name: reference }, request_id, token };
  const answers = await runOnNodes(parts, submitToNode, call, nodes, AbortSignal.timeout(nodeAnswerTimeoutMs));
  const answered = answers.filter(({ outcome }) => outcome?.status === 'succeeded');
  return {
    found: answered.flatMap(({ node, outcome }) => readFound(outcome).map(({ id, name }) => ({ id, name, node }))),
    silent: answers.filter(answer => !answered.includes(answer)).map(({ node }) => node),
  };
}

function readFound(outcome: Outcome | undefined): readonly FoundContainer[] {
  return Array.isArray(outcome?.result) ? outcome.result : [];
}
