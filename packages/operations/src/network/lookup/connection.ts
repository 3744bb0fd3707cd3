import Joi from 'joi';
import { find } from '../../container/find/index.ts';
import type { ResourceReach } from '../../operation.ts';
import { anyText, shape } from '../../schemas/shape.ts';

/** Whether a container is connected to a network now, as in the response. */
export interface ConnectedContainer {
  /** The network's name. */
  readonly name: string;
  /** Name or id of the container, as in the request. */
  readonly container: string;
  readonly connected: boolean;
  readonly node: string;
}

/**
 * Returns the schema of `ConnectedContainer`.
 * @param name its name in the OpenAPI document
 */
export const connectedContainer = (name: string) =>
  shape<ConnectedContainer>(name, { name: anyText(), container: anyText(), connected: Joi.boolean(), node: Joi.string() });

/** Reach of operations on a network and a container: the node of the container, which must have the network too. */
export const containerReach: ResourceReach<{ readonly container: string }> = {
  kind: 'container',
  isSameOnAllNodes: false,
  locate: find,
  nameOf: ({ container }) => container,
};
