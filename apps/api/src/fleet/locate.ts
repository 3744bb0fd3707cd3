import { ApiError } from '@podman-api/errors';
import { type Asker, type Entry, inUse, noNodes, type QueueClient } from '@podman-api/queue';
import { unknownNode } from './placement.ts';

/**
 * The node that holds a container.
 * @param reference the container's name, or the beginning of its id
 * @param picked a node that the caller named
 * @throws ApiError (404) where no node has it, (409) where several do, (503) where one that may have it does not answer
 */
export async function nodeOfContainer(queue: QueueClient, reference: string, picked: string | undefined, asker: Asker): Promise<string> {
  const { nodes } = queue.fleet;
  if (picked !== undefined) {
    if (!nodes.has(picked)) throw unknownNode(picked);
    return picked;
  }
  const [only, ...others] = nodes.keys();
  if (only === undefined) throw noNodes();
  // What is not there its own podman says best.
  if (others.length === 0) return only;
  const { entries, unreachable } = await queue.locate(reference, asker);
  const [holder, ...more] = nodesOf(entries);
  if (holder === undefined) throw unreachable.length > 0 ? mayHave(reference, unreachable) : notThere(reference);
  if (more.length === 0) return holder;
  // The directory may be behind: who has it still says so.
  const [left = holder, ...rest] = nodesOf(await confirmed(queue, entries, asker));
  if (rest.length === 0) return left;
  throw onSeveral(reference, [left, ...rest]);
}

/**
 * The node that holds a container which the node that the directory named has not: it is gone from there, and may have been
 * made elsewhere since, or the directory be wrong.
 * @param before the node that has said so
 * @returns nothing where that has it after all, and said something else
 * @throws ApiError as `nodeOfContainer`
 */
export async function holderAfter(queue: QueueClient, before: string, reference: string, asker: Asker): Promise<string | undefined> {
  if (queue.fleet.nodes.size < 2) return undefined;
  const { entries } = await queue.locate(reference, asker);
  if (nodesOf(await confirmed(queue, entries, asker)).includes(before)) return undefined;
  return nodeOfContainer(queue, reference, undefined, asker);
}

async function confirmed(queue: QueueClient, entries: readonly Entry[], asker: Asker): Promise<readonly Entry[]> {
  const there = await Promise.all(entries.map(entry => queue.confirm(entry, asker)));
  return entries.filter((_, index) => there[index]);
}

function nodesOf(entries: readonly Entry[]): readonly string[] {
  return [...new Set(entries.map(({ node }) => node))];
}

/**
 * Refuses a create that is to make nothing as the real one would be refused.
 * @throws ApiError (409) where a container of the fleet has the name
 */
export async function refuseTaken(queue: QueueClient, { name }: { name?: string }, asker: Asker): Promise<void> {
  if (queue.fleet.nodes.size < 2 || name === undefined) return;
  const { entries } = await queue.locate(name, asker);
  const [holder] = entries.filter(entry => entry.name === name);
  if (holder) throw inUse(holder);
}

function onSeveral(reference: string, nodes: readonly string[]): ApiError {
  return new ApiError('ConflictError', `${reference} is on several nodes (${nodes.join(', ')}): pick one with ?node=.`);
}

function notThere(reference: string): ApiError {
  return new ApiError('NotFoundError', `There is no container ${reference}.`);
}

function mayHave(reference: string, nodes: readonly string[]): ApiError {
  const message = `No node that answered has a container ${reference}, but ${nodes.join(', ')} did not answer: send the request again later.`;
  return new ApiError('ServiceUnavailableError', message);
}
