import Joi, { type ObjectSchema, type StringSchema } from 'joi';
import { boundedMap, boundedText } from './bounds.ts';
import { once } from './once.ts';

/** Returns the schema of a node's name, see NODE_NAME. */
export const nodeName = once(
  (): StringSchema =>
    boundedText(63)
      .pattern(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/)
      .messages({ 'string.pattern.base': '{{#label}} must be the name of a node, as GET /nodes lists it' }),
);

/** Returns the schema of labels that a node must have. */
export const labels = once(
  (): ObjectSchema =>
    boundedMap(100, boundedText(255), boundedText(255).allow('')).messages({
      'object.base': '{{#label}} must be an object, such as \\{"zone": "b"}',
      'object.unknown': '{{#label}} is not a label of a node: a label has 1 to 255 characters',
    }),
);

/** Fields of an input with the reach `nodes`, by which the API chooses the nodes; at most one of them is given. */
export interface NodesChoice {
  readonly node?: string;
  readonly node_selector?: Readonly<Record<string, string>>;
  readonly all_nodes?: boolean;
}

/** Schemas of the fields of `NodesChoice`; the schema of the whole input needs `.oxor('node', 'node_selector', 'all_nodes')`. */
export const nodesChoiceSchemas = {
  node: nodeName().description('The node. Default: the least loaded.'),
  node_selector: labels().description('Runs on all nodes with these labels.'),
  all_nodes: Joi.boolean().description('Runs on all nodes.'),
};
