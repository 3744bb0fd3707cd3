import Joi from 'joi';
import { define } from '../../define.ts';
import { type RemovedResource, removedResource } from '../../schemas/removed-resource.ts';
import { readVolume, volumeName, volumeReach } from '../lookup/volume.ts';

/** Removes a volume that no container uses, with its contents. */
export const removeVolume = define<{ readonly name: string }, RemovedResource>({
  name: 'volume.remove',
  method: 'DELETE',
  path: '/volumes/:name',
  reach: volumeReach,
  scope: 'containers:write',
  input: Joi.object({ name: volumeName().required() }),
  noun: 'volume',
  summary: 'Removes a volume and its contents',
  description: '409 while a container uses it, running or stopped.',
  results: { 200: removedResource('RemovedVolume') },
  example: { input: { name: 'data' }, result: { name: 'data', removed: true, node: 'local' } },
  async run(podman, { name }, context) {
    await readVolume(podman, name, context);
    await podman.run(['volume', 'rm', '--', name], { signal: context.signal });
    return { name, removed: true, node: context.node };
  },
});
