import Joi from 'joi';
import { failedFor } from '../../container/failed-for.ts';
import type { ResourceReach, Task } from '../../operation.ts';
import { readVolume, type Volume, volumeName } from './volume.ts';

/** Finds a volume by its name; an empty list if the node does not have it. */
const find: Task<{ readonly name: string }, readonly Volume[]> = {
  name: 'volume.find',
  input: Joi.object({ name: volumeName().required() }),
  secrets: [],
  lane: 'reads',
  repeatable: true,
  changes: () => false,
  async run(podman, { name }, context) {
    try {
      return [await readVolume(podman, name, context)];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  },
};

function isNotFound(error: unknown): boolean {
  return failedFor('no-volume', error) || (error instanceof Error && 'status' in error && error.status === 404);
}

/** Reach of the operations on one volume. Volumes of one name differ from node to node. */
export const volumeReach: ResourceReach<{ readonly name: string }> = {
  kind: 'volume',
  isSameOnAllNodes: false,
  locate: find,
  nameOf: ({ name }) => name,
};
