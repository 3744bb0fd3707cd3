import { count, instant, listOf, shape, stringMap } from '@podman-api/operations';
import Joi from 'joi';
import type { ShownNode } from './present.ts';

/** Shape of a node. */
export const node = shape<ShownNode>('Node', {
  name: Joi.string(),
  status: Joi.valid('ready', 'draining', 'offline').description('`draining`: gets no new containers; `offline`: has no running worker.'),
  podman: Joi.valid('connected', 'disconnected').description('Whether podman works there.'),
  podman_version: Joi.string().allow(null),
  labels: stringMap().description('Labels for `node_selector`.'),
  arch: Joi.string(),
  cpus: count(),
  memory: count().description('Bytes.'),
  workers: count().description('Running worker processes.'),
  max_workers: count().description('podman commands that all workers of the node together can run at once.'),
  running: count().description('podman commands that are running.'),
  queued: count().description('Jobs that wait for the node.'),
  containers: count().allow(null).description('Running and stopped containers; null if unknown.'),
  last_seen: instant(),
});

/** Shape of a list of nodes. */
export const nodeList = listOf(node);

/** A node for the OpenAPI document. */
export const exampleNode: ShownNode = {
  name: 'local',
  status: 'ready',
  podman: 'connected',
  podman_version: '5.4.2',
  labels: { zone: 'b' },
  arch: 'x64',
  cpus: 8,
  memory: 33_554_432_000,
  workers: 1,
  max_workers: 10,
  running: 2,
  queued: 0,
  containers: 17,
  last_seen: '2026-01-05T09:30:00.000Z',
};
