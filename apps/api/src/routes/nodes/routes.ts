import Joi from 'joi';
import { basePath } from '../../context.ts';
import { success } from '../../response/shapes.ts';
import type { Route, RouteResponse } from '../route.ts';
import { changeNode, forgetNode } from './change.ts';
import { listNodes, readNode } from './list.ts';
import { exampleNode, node, nodeList } from './shapes.ts';

const oneNode = (description: string, example: object): RouteResponse => ({
  description,
  body: success({ node }),
  example: { node: example },
});

const change = (action: 'drain' | 'resume', summary: string, example: object): Route => ({
  name: `node.${action}`,
  method: 'POST',
  path: `${basePath}/nodes/:name/${action}`,
  summary,
  scope: 'nodes',
  responses: { 200: oneNode('The node.', example) },
  failures: [404],
  changes: true,
  handle: parts => changeNode(parts, action),
});

/** Routes of nodes. */
export const nodeRoutes: readonly Route[] = [
  {
    name: 'node.list',
    method: 'GET',
    path: `${basePath}/nodes`,
    summary: 'Lists the nodes, by name',
    scope: 'nodes',
    responses: { 200: { description: 'The nodes.', body: success({ nodes: nodeList }), example: { nodes: [exampleNode] } } },
    handle: listNodes,
  },
  {
    name: 'node.read',
    method: 'GET',
    path: `${basePath}/nodes/:name`,
    summary: 'Returns the state of a node',
    scope: 'nodes',
    responses: { 200: oneNode('The node.', exampleNode) },
    failures: [404],
    handle: readNode,
  },
  change('drain', 'Stops placing new containers on a node', { ...exampleNode, status: 'draining' }),
  change('resume', 'Places new containers on a node again', exampleNode),
  {
    name: 'node.remove',
    method: 'DELETE',
    path: `${basePath}/nodes/:name`,
    summary: 'Removes an offline node and its containers from the list of nodes',
    scope: 'nodes',
    responses: {
      200: {
        description: 'The node was removed.',
        body: success({ node: Joi.object({ name: Joi.string().required(), removed: Joi.valid(true).required() }) }),
        example: { node: { name: 'local', removed: true } },
      },
    },
    failures: [404, 409],
    changes: true,
    handle: forgetNode,
  },
];
