import type { Requester } from '@podman-api/jobs';
import { withRedisErrors } from '@podman-api/redis';
import { type DirectoryEntry, isReservation } from '../directory/entry.ts';
import { findEntries } from '../directory/find-entries.ts';
import { putEntry, removeEntry } from '../directory/node-directory.ts';
import { nameInUseError } from '../directory/reservation.ts';
import type { DispatchContext } from './call.ts';
import { queryFleet, queryNodes } from './query-nodes.ts';
import type { NodeAnswer } from './run-on-nodes.ts';

/** A container in the result of the job that finds containers. */
interface FoundContainer {
  readonly id: string;
  readonly name: string;
}

/** The result of a search for a container. */
export interface ContainerLocation {
  readonly entries: readonly DirectoryEntry[];
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
  context: DispatchContext,
  reference: string,
  { request_id, token }: Requester,
): Promise<ContainerLocation> {
  const { redis, findType } = context;
  const entries = await withRedisErrors(findEntries(redis, reference));
  if (entries.length > 0) return { entries, unreachable: [] };
  const call = { type: findType, input: { name: reference }, request_id, token };
  const { answers, unreachable } = await queryFleet(context, call);
  const found = answers.flatMap(toEntries);
  await withRedisErrors(Promise.all(found.map(entry => putEntry(redis, entry))));
  return { entries: found, unreachable };
}

/**
 * Checks with a node whether it has a container that the directory lists, under its name. If not, removes the entry and adds
 * the container that has the name now.
 * @returns `true` also if the node does not answer
 */
export async function hasContainer(context: DispatchContext, entry: DirectoryEntry, { request_id, token }: Requester): Promise<boolean> {
  const { redis, fleet, findType } = context;
  const { node, id, name } = entry;
  if (isReservation(entry) || !fleet.canTakeJobs(node)) return true;
  const call = { type: findType, input: { name }, request_id, token };
  const { answers, unreachable } = await queryNodes(context, call, [node]);
  if (unreachable.length > 0) return true;
  const sameName = answers.flatMap(toEntries).filter(one => one.name === name);
  if (sameName.some(one => one.id === id)) return true;
  await withRedisErrors(removeEntry(redis, entry));
  await withRedisErrors(Promise.all(sameName.map(one => putEntry(redis, one))));
  return false;
}

/** Rejects a dry run of a create whose name is in use, as a create fails. @throws ApiError (409) if a container of the fleet has the name */
export async function rejectNameInUse(context: DispatchContext, name: string | undefined, requester: Requester): Promise<void> {
  if (context.fleet.nodes.size < 2 || name === undefined) return;
  const { entries } = await findContainers(context, name, requester);
  const [holder] = entries.filter(entry => entry.name === name);
  if (holder) throw nameInUseError(holder);
}

function toEntries({ node, outcome }: NodeAnswer): readonly DirectoryEntry[] {
  const found: readonly FoundContainer[] = Array.isArray(outcome?.result) ? outcome.result : [];
  return found.map(({ id, name }) => ({ id, name, node }));
}
