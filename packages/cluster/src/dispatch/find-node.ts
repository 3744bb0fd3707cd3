import { ApiError } from '@podman-api/errors';
import type { DirectoryEntry } from '../directory/entry.ts';
import { noNodesError } from '../heartbeats/node-errors.ts';
import type { DispatchContext, JobRequest } from './call.ts';
import { findContainers, hasContainer } from './find-containers.ts';

/**
 * Finds the node that has a container.
 * @param reference the container's name or an id prefix
 * @throws ApiError (404) if no node has it, (409) if several do, (503) if one that may have it does not answer
 */
export async function findNode(context: DispatchContext, reference: string, call: JobRequest): Promise<string> {
  const [only, ...others] = context.fleet.nodes.keys();
  if (only === undefined) throw noNodesError();
  // A single node needs no search: its job reports that there is no such container.
  if (others.length === 0) return only;
  const { entries, unreachable } = await findContainers(context, reference, call);
  const [node, ...more] = collectNodes(entries);
  if (node === undefined) throw unreachable.length > 0 ? noAnswerError(reference, unreachable) : notFoundError(reference);
  if (more.length === 0) return node;
  // The directory may be outdated: check which of the nodes still have the container.
  const [remaining = node, ...rest] = collectNodes(await filterExisting(context, entries, call));
  if (rest.length === 0) return remaining;
  throw severalNodesError(reference, [remaining, ...rest]);
}

/**
 * Finds the node of a container after the node that the directory named has returned 404.
 * @returns `undefined` if that node does have the container: its 404 was about something else
 * @throws ApiError as `findNode`
 */
export async function findNodeAfter404(
  context: DispatchContext,
  reference: string,
  call: JobRequest,
  firstNode: string,
): Promise<string | undefined> {
  if (context.fleet.nodes.size < 2) return undefined;
  const { entries } = await findContainers(context, reference, call);
  if (collectNodes(await filterExisting(context, entries, call)).includes(firstNode)) return undefined;
  return findNode(context, reference, call);
}

/** Returns the entries whose container still exists. */
async function filterExisting(
  context: DispatchContext,
  entries: readonly DirectoryEntry[],
  call: JobRequest,
): Promise<readonly DirectoryEntry[]> {
  const exists = await Promise.all(entries.map(entry => hasContainer(context, entry, call)));
  return entries.filter((_, index) => exists[index]);
}

function collectNodes(entries: readonly DirectoryEntry[]): readonly string[] {
  return [...new Set(entries.map(({ node }) => node))];
}

function severalNodesError(reference: string, nodes: readonly string[]): ApiError {
  return new ApiError('ConflictError', `${reference} is on several nodes (${nodes.join(', ')}): pick one with ?node=.`);
}

function notFoundError(reference: string): ApiError {
  return new ApiError('NotFoundError', `There is no container ${reference}.`);
}

function noAnswerError(reference: string, nodes: readonly string[]): ApiError {
  const message = `No node that answered has a container ${reference}, but ${nodes.join(', ')} did not answer: send the request again later.`;
  return new ApiError('ServiceUnavailableError', message);
}
