import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi, { type Schema } from 'joi';
import { defineTask } from './define.ts';
import type { ResourceReach, TaskContext } from './operation.ts';

/** Description of a kind of named resource of a node. */
interface ResourceDescription<Input extends object> extends Pick<ResourceReach<Input>, 'kind' | 'isSameOnAllNodes' | 'nameOf'> {
  /** Schema of the name. */
  readonly name: Schema;
  /** Reads the resource of a node. @throws ApiError (404) if the node does not have it */
  read(podman: Podman, name: string, context: TaskContext): Promise<object>;
}

/** Creates the reach of operations on one image, volume or network: a read job finds the nodes that have it. */
export function createResourceReach<Input extends object>(resource: ResourceDescription<Input>): ResourceReach<Input> {
  const { kind, isSameOnAllNodes, nameOf, name: schema, read } = resource;
  return {
    kind,
    isSameOnAllNodes,
    nameOf,
    locate: defineTask<{ readonly name: string }, readonly unknown[]>({
      name: `${kind}.find`,
      input: Joi.object({ name: schema.required() }),
      lane: 'reads',
      isRepeatable: true,
      async run(podman, { name }, context) {
        try {
          await read(podman, name, context);
          return [name];
        } catch (error) {
          if (error instanceof ApiError && error.type === 'NotFoundError') return [];
          throw error;
        }
      },
    }),
  };
}
