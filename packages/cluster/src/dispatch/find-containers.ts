import type { Outcome, Requester } from '@podman-api/jobs';
import { redisUnavailable } from '@podman-api/redis';
import { type Entry, isReservation } from '../directory/entry.ts';
import { findEntries } from '../directory/find.ts';
import { putEntry, removeEntry } from '../directory/node-directory.ts';
import type { DispatchParts } from './call.ts';
import { nodeAnswerTimeoutMs, runOnNodes } from './run-on-nodes.ts';

/** A container that a node has found. */
interface FoundContainer {
  readonly id: string;
  readonly name: string;
}

/** Where a container is. */
export interface Location {
  readonly entries: readonly Entry[];
  /** Nodes that may have it and did not answer. */
  readonly unreachable: readonly string[];
}

/**
 * Finds the nodes that have a container. If the directory does not know it, the nodes are asked: the directory learns of what
 * is created without the API a moment later.
 * @param reference the container's name or an id prefix
 * @throws ApiError (503) if nobody knows which nodes to ask, because Redis has just come back
 */
export async function findContainers(parts: DispatchParts, reference: string, requester: Requester): Promise<Location> {
  const { redis, fleet } = parts;
  const entries = await findEntries(redis, reference);
  if (entries.length > 0) return { entries, unreachable: [] };
  if (!fleet.isRedisAvailable) throw redisUnavailable();
  const all = [...fleet.nodes.keys()];
  const nodes = all.filter(node => fleet.takes(node));
  // Just after an outage of Redis no worker has reported yet.
  const quiet = all.filter(node => !fleet.takes(node) && !fleet.abandoned(node));
  const { found, silent } = await askNodes(parts, reference, nodes, requester);
  await Promise.all(found.map(entry => putEntry(redis, entry)));
  return { entries: found, unreachable: [...quiet, ...silent] };
}

/**
 * Asks a node whether it has a container that the directory lists, under its name. If not, the entry is removed, and the
 * container that has the name now is added.
 * @returns true also if the node cannot tell
 */
export async function hasContainer(parts: DispatchParts, entry: Entry, requester: Requester): Promise<boolean> {
  const { redis, fleet } = parts;
  const { node, id, name } = entry;
  if (isReservation(entry) || !fleet.takes(node)) return true;
  const { found, silent } = await askNodes(parts, name, [node], requester);
  if (silent.length > 0) return true;
  const sameName = found.filter(one => one.name === name);
  if (sameName.some(one => one.id === id)) return true;
  await removeEntry(redis, entry);
  await Promise.all(sameName.map(one => putEntry(redis, one)));
  return false;
}

/** Runs the job that finds containers on several nodes. @returns what they found, and the nodes that did not answer */
async function askNodes(parts: DispatchParts, reference: string, nodes: readonly string[], { request_id, token }: Requester) {
  const call = { type: parts.findType, input: { name: reference }, request_id, token };
  const answers = await runOnNodes(parts, call, nodes, AbortSignal.timeout(nodeAnswerTimeoutMs));
  const answered = answers.filter(({ outcome }) => outcome?.status === 'succeeded');
  return {
    found: answered.flatMap(({ node, outcome }) => foundIn(outcome).map(({ id, name }) => ({ id, name, node }))),
    silent: answers.filter(answer => !answered.includes(answer)).map(({ node }) => node),
  };
}

function foundIn(outcome: Outcome | undefined): readonly FoundContainer[] {
  return Array.isArray(outcome?.result) ? outcome.result : [];
}
