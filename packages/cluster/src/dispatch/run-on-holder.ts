import { ApiError } from '@podman-api/errors';
import type { Outcome, Requester } from '@podman-api/jobs';
import type { Entry } from '../directory/entry.ts';
import { noNodes, unknownNode } from '../heartbeats/node-errors.ts';
import type { AwaitedCall, DispatchParts, Run } from './call.ts';
import { findContainers } from './find-containers.ts';
import { runOnNode } from './run-on-node.ts';

/**
 * Runs a job on the node that holds a container. If that node says that it has no such container, the job runs once more, on
 * the node that holds it now: the directory may be behind.
 * @param reference the container's name or an id prefix
 * @param picked the node that the caller named, if it did
 * @throws ApiError (404) if no node has it, (409) if several do, (503) if one that may have it does not answer; and as `runOnNode`
 */
export async function runOnHolder(parts: DispatchParts, call: AwaitedCall, reference: string, picked: string | undefined): Promise<Run> {
  const node = await holderOf(parts, reference, picked, call);
  const run = await runOnNode(parts, call, node);
  // An Idempotency-Key stands for one job, and a node that the caller named has the last word.
  if (picked !== undefined || call.idempotency || !isNotFound(run.outcome)) return run;
  const holder = await holderAfter(parts, node, reference, call);
  return holder === undefined ? run : runOnNode(parts, call, holder);
}

function isNotFound(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.error?.type === 'NotFoundError';
}

async function holderOf(parts: DispatchParts, reference: string, picked: string | undefined, requester: Requester): Promise<string> {
  const { nodes } = parts.fleet;
  if (picked !== undefined) {
    if (!nodes.has(picked)) throw unknownNode(picked);
    return picked;
  }
  const [only, ...others] = nodes.keys();
  if (only === undefined) throw noNodes();
  // A single node says best itself that it has no such container.
  if (others.length === 0) return only;
  const { entries, unreachable } = await findContainers(parts, reference, requester);
  const [holder, ...more] = nodesOf(entries);
  if (holder === undefined) throw unreachable.length > 0 ? noAnswer(reference, unreachable) : notFound(reference);
  if (more.length === 0) return holder;
  // The directory may be behind: the nodes say who still has it.
  const [left = holder, ...rest] = nodesOf(await existing(parts, entries, requester));
  if (rest.length === 0) return left;
  throw onSeveral(reference, [left, ...rest]);
}

/**
 * Finds the node that holds a container which the node that the directory named does not have.
 * @returns `undefined` if that node has it after all, and meant something else
 */
async function holderAfter(parts: DispatchParts, before: string, reference: string, requester: Requester): Promise<string | undefined> {
  if (parts.fleet.nodes.size < 2) return undefined;
  const { entries } = await findContainers(parts, reference, requester);
  if (nodesOf(await existing(parts, entries, requester)).includes(before)) return undefined;
  return holderOf(parts, reference, undefined, requester);
}

async function existing(parts: DispatchParts, entries: readonly Entry[], requester: Requester): Promise<readonly Entry[]> {
  const exist = await Promise.all(entries.map(entry => parts.hasContainer(entry, requester)));
  return entries.filter((_, index) => exist[index]);
}

function nodesOf(entries: readonly Entry[]): readonly string[] {
  return [...new Set(entries.map(({ node }) => node))];
}

function onSeveral(reference: string, nodes: readonly string[]): ApiError {
  return new ApiError('ConflictError', `${reference} is on several nodes (${nodes.join(', ')}): pick one with ?node=.`);
}

function notFound(reference: string): ApiError {
  return new ApiError('NotFoundError', `There is no container ${reference}.`);
}

function noAnswer(reference: string, nodes: readonly string[]): ApiError {
  const message = `No node that answered has a container ${reference}, but ${nodes.join(', ')} did not answer: send the request again later.`;
  return new ApiError('ServiceUnavailableError', message);
}
