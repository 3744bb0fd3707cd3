import Joi from 'joi';
import { failedFor } from '../../container/failed-for.ts';
import { define } from '../../operation.ts';
import { type RemovedResource, removedResource } from '../../schemas/removed-resource.ts';
import { labelFilter, passesFilters } from '../../schemas/resource-filters.ts';
import { listOf } from '../../schemas/shape.ts';
import { readVolumes } from '../lookup/volume.ts';

interface PruneInput {
  readonly label?: readonly string[];
}

/** Removes the volumes that no container uses. */
export const pruneVolumes = define<PruneInput, readonly RemovedResource[]>({
  name: 'volume.prune',
  method: 'POST',
  path: '/volumes/prune',
  reach: 'all',
  scope: 'containers:write',
  input: Joi.object<PruneInput>({ label: labelFilter() }),
  noun: 'volumes',
  summary: 'Removes the volumes that no container uses, with their contents',
  description: 'On all nodes, or on the one that `?node=` names.',
  results: { 200: listOf(removedResource('PrunedVolume')) },
  example: { input: { label: ['team=ci'] }, result: [{ name: 'data', removed: true, node: 'local' }] },
  async run(podman, filters, context) {
    const removed: RemovedResource[] = [];
    for (const one of await readVolumes(podman, context)) {
      if (!passesFilters(one, { ...filters, dangling: true })) continue;
      // One at a time, because podman 4.3 filters labels otherwise than the list; what is in use by now stays.
      try {
        await podman.run(['volume', 'rm', '--', one.name], { signal: context.signal });
        removed.push({ name: one.name, removed: true, node: context.node });
      } catch (error) {
        if (!failedFor('volume-in-use', error) && !failedFor('no-volume', error)) throw error;
      }
    }
    return removed;
  },
});
