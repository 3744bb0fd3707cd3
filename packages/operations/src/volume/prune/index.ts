import Joi from 'joi';
import { define } from '../../define.ts';
import { removeUnused } from '../../resource-changes.ts';
import { labelFilter } from '../../schemas/label-filter.ts';
import { type RemovedResource, removedResource } from '../../schemas/removed-resource.ts';
import { passesFilters } from '../../schemas/resource-filters.ts';
import { listOf } from '../../schemas/shape.ts';
import { readVolumes } from '../lookup/volume.ts';

interface PruneVolumesInput {
  readonly label?: readonly string[];
}

/** Removes the volumes that no container uses. */
export const pruneVolumes = define<PruneVolumesInput, readonly RemovedResource[]>({
  name: 'volume.prune',
  method: 'POST',
  path: '/volumes/prune',
  reach: 'all',
  scope: 'containers:write',
  input: Joi.object<PruneVolumesInput>({ label: labelFilter() }),
  noun: 'volumes',
  summary: 'Removes the volumes that no container uses, with their contents',
  description: 'On all nodes, or on the one that `?node=` names.',
  results: { 200: listOf(removedResource('PrunedVolume')) },
  example: { input: { label: ['team=ci'] }, result: [{ name: 'data', removed: true, node: 'local' }] },
  async run(podman, filters, context) {
    const volumes = await readVolumes(podman, context);
    // Filtered here, because `podman volume prune` of podman 4.3 filters labels differently from the list.
    const unused = volumes.filter(one => passesFilters(one, { ...filters, dangling: true }));
    return removeUnused(
      podman,
      'volume',
      unused.map(({ name }) => name),
      context,
    );
  },
});
