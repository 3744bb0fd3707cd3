import Joi from 'joi';
import { define } from '../../define.ts';
import { type RemovedResource, removedResource } from '../../schemas/removed-resource.ts';
import { networkName, networkReach, requireNetwork } from '../lookup/network.ts';
import { nameRefusals } from '../lookup/network-policy.ts';

/** Removes a network that no container is connected to. */
export const removeNetwork = define<{ readonly name: string }, RemovedResource>({
  name: 'network.remove',
  method: 'DELETE',
  path: '/networks/:name',
  reach: networkReach,
  scope: 'containers:write',
  input: Joi.object({ name: networkName().required() }),
  noun: 'network',
  summary: 'Removes a network',
  description: '409 while a container is connected to it, running or stopped.',
  results: { 200: removedResource('RemovedNetwork') },
  example: { input: { name: 'backend' }, result: { name: 'backend', removed: true, node: 'local' } },
  refusals: nameRefusals,
  async run(podman, { name }, context) {
    await requireNetwork(podman, name, context);
    await podman.run(['network', 'rm', '--', name], { signal: context.signal });
    return { name, removed: true, node: context.node };
  },
});
