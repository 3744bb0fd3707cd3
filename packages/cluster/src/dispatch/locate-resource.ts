import { ApiError } from '@podman-api/errors';
import type { JobType, Requester } from '@podman-api/jobs';
import { noNodesError } from '../heartbeats/node-errors.ts';
import type { DispatchContext } from './call.ts';
import { queryFleet } from './query-nodes.ts';

/** A named resource of a node that is not a container, such as an image. */
export interface Resource {
  /** Noun for error messages, such as `image`. */
  readonly kind: string;
  readonly name: string;
  /** Type of the repeatable read with the input `{name}` that returns a list, which is empty if the node does not have it. */
  readonly locate: JobType;
  /** Whether it is the same on all nodes that have it, so that any of them can answer. */
  readonly isSameOnAllNodes: boolean;
}

/**
 * Returns the node that has a resource, or one of them if they are the same on all nodes. A single node is returned without a
 * search: its job reports that there is no such resource.
 * @throws ApiError (404) if no node has it, (409) if several have it and differ, (503) if none that answered has it and one did not
 *   answer, or if the fleet has no node
 */
export async function locateResource(
  context: DispatchContext,
  { kind, name, locate, isSameOnAllNodes }: Resource,
  { request_id, token }: Requester,
): Promise<string> {
  const [only, ...others] = context.fleet.nodes.keys();
  if (only === undefined) throw noNodesError();
  if (others.length === 0) return only;
  const { answers, unreachable } = await queryFleet(context, { type: locate, input: { name }, request_id, token });
  const nodes = answers.filter(({ outcome }) => Array.isArray(outcome?.result) && outcome.result.length > 0).map(({ node }) => node);
  const [first, ...more] = nodes;
  if (first === undefined) {
    if (unreachable.length === 0) throw new ApiError('NotFoundError', `There is no ${kind} ${name}.`);
    const message = `No node that answered has the ${kind} ${name}, but ${unreachable.join(', ')} did not answer: send the request again later.`;
    throw new ApiError('ServiceUnavailableError', message);
  }
  if (more.length === 0 || isSameOnAllNodes) return first;
  throw new ApiError('ConflictError', `The ${kind} ${name} is on several nodes (${nodes.join(', ')}): pick one with ?node=.`);
}
