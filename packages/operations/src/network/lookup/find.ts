import Joi from 'joi';
import { failedFor } from '../../container/failed-for.ts';
import type { ResourceReach, Task } from '../../operation.ts';
import { type Network, networkName, readNetwork } from './network.ts';

/** Finds a network by its name; an empty list if the node does not have it. */
const find: Task<{ readonly name: string }, readonly Network[]> = {
  name: 'network.find',
  input: Joi.object({ name: networkName().required() }),
  secrets: [],
  lane: 'reads',
  repeatable: true,
  changes: () => false,
  async run(podman, { name }, context) {
    try {
      return [await readNetwork(podman, name, context)];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  },
};

function isNotFound(error: unknown): boolean {
  return failedFor('no-network', error) || (error instanceof Error && 'status' in error && error.status === 404);
}

/** Reach of the operations on one network. Networks of one name differ from node to node. */
export const networkReach: ResourceReach<{ readonly name: string }> = {
  kind: 'network',
  isSameOnAllNodes: false,
  locate: find,
  nameOf: ({ name }) => name,
};
