import { anyText, count, instant, listOf, part, poolDeclaration, shape, stringMap } from '@podman-api/operations';
import Joi from 'joi';
import { basePath } from '../../context.ts';
import { success } from '../../response/shapes.ts';
import type { Route, RouteResponse } from '../route.ts';
import { listPools, putPool, readPool, removePool } from './handle.ts';
import type { ShownPool, ShownPoolNode } from './present.ts';

const poolShape = shape<ShownPool>('Pool', {
  name: Joi.string(),
  size: count().description('Idle containers that each node keeps.'),
  idle: count().description('Containers that can be claimed now, on all nodes together.'),
  max_idle_seconds: count().allow(null).description('Idle containers are replaced after this time; null if never.'),
  node_selector: stringMap(),
  container: Joi.object().unknown().description('Fields of `POST /containers`; values of environment variables are masked.'),
  nodes: listOf(
    part<ShownPoolNode>({
      node: Joi.string(),
      idle: count(),
      error: anyText().allow(null).description('Why the last container could not be created or kept; null if it could.'),
      retry_at: instant().allow(null).description('When the next attempt is made after a failure.'),
    }),
  ).description('The ready nodes that match `node_selector`.'),
  created_at: instant(),
  updated_at: instant(),
});

const container = { image: 'docker.io/library/python:3.13', command: ['sleep', 'infinity'], memory: '256m' };
const examplePool: ShownPool = {
  name: 'python-3',
  size: 10,
  idle: 10,
  max_idle_seconds: null,
  node_selector: {},
  container,
  nodes: [{ node: 'local', idle: 10, error: null, retry_at: null }],
  created_at: '2026-01-05T09:30:00.000Z',
  updated_at: '2026-01-05T09:30:00.000Z',
};

const onePool = (description: string): RouteResponse => ({
  description,
  body: success({ pool: poolShape }),
  example: { pool: examplePool },
});

/** Routes of warm pools. */
export const poolRoutes: readonly Route[] = [
  {
    name: 'pool.list',
    method: 'GET',
    path: `${basePath}/pools`,
    summary: 'Lists the pools, by name',
    scope: 'containers:read',
    responses: { 200: { description: 'The pools.', body: success({ pools: listOf(poolShape) }), example: { pools: [examplePool] } } },
    handle: listPools,
  },
  {
    name: 'pool.read',
    method: 'GET',
    path: `${basePath}/pools/:name`,
    summary: 'Returns a pool and its state on each node',
    scope: 'containers:read',
    responses: { 200: onePool('The pool.') },
    failures: [404],
    handle: readPool,
  },
  {
    name: 'pool.put',
    method: 'PUT',
    path: `${basePath}/pools/:name`,
    summary: 'Declares a pool, or changes it',
    description:
      'Each matching node keeps `size` containers ready, which `POST /containers` with `pool` takes in milliseconds. If `container` has changed, idle containers are replaced.',
    scope: 'containers:write',
    body: { schema: poolDeclaration, example: { size: 10, container } },
    responses: { 200: onePool('The pool was changed.'), 201: onePool('The pool was declared.') },
    failures: [413, 415],
    changes: true,
    handle: putPool,
  },
  {
    name: 'pool.remove',
    method: 'DELETE',
    path: `${basePath}/pools/:name`,
    summary: 'Removes a pool and its idle containers',
    description: 'The nodes remove the idle containers in the background. Claimed containers stay.',
    scope: 'containers:write',
    responses: {
      200: {
        description: 'The pool was removed.',
        body: success({ pool: Joi.object({ name: Joi.string().required(), removed: Joi.valid(true).required() }) }),
        example: { pool: { name: 'python-3', removed: true } },
      },
    },
    failures: [404],
    changes: true,
    handle: removePool,
  },
];
