import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { count, shape } from '../../schemas/shape.ts';
import { optionSchemas } from '../create/options.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { type UpdatedContainer, type UpdateInput, updateContainer } from './run.ts';

const { memory, cpus, pids_limit, restart_policy } = optionSchemas;

/** Changes limits of a container. Not repeatable: another update may have followed. */
export const update = defineContainerOperation<UpdateInput, UpdatedContainer>({
  name: 'container.update',
  method: 'POST',
  path: '/containers/:name/update',
  scope: 'containers:write',
  input: Joi.object<UpdateInput>({ name: containerName().required(), memory, cpus, pids_limit, restart_policy })
    .or('memory', 'cpus', 'pids_limit', 'restart_policy')
    .messages({ 'object.missing': 'give at least one of memory, cpus, pids_limit and restart_policy' }),
  noun: 'container',
  summary: 'Changes the limits of a container',
  description:
    'Changes all of the given limits, or none. 409 for what the podman of the node cannot change: podman 4.3 changes `memory` and `cpus` of a running container until it stops, and neither `pids_limit` nor `restart_policy`.',
  results: {
    200: shape<UpdatedContainer>('UpdatedContainer', {
      name: containerName(),
      memory: count().optional().description('Bytes. Absent if it was not given; so are the next three.'),
      cpus: Joi.number().min(0).optional(),
      pids_limit: Joi.number().integer().min(-1).optional(),
      restart_policy: Joi.string().optional(),
      persistent: Joi.boolean().description('Whether podman keeps the new values when the container is started again.'),
    }),
  },
  example: { input: { name: 'web', memory: '512m', cpus: 1.5 }, result: { name: 'web', memory: 536_870_912, cpus: 1.5, persistent: true } },
  run: updateContainer,
});
