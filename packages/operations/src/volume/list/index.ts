import { define } from '../../define.ts';
import { passesFilters, type ResourceFilters, resourceFilters } from '../../schemas/resource-filters.ts';
import { listOf } from '../../schemas/shape.ts';
import { exampleVolume, readVolumes, type Volume, volume } from '../lookup/volume.ts';

/** Lists the volumes. */
export const listVolumes = define<ResourceFilters, readonly Volume[]>({
  name: 'volume.list',
  method: 'GET',
  path: '/volumes',
  reach: 'all',
  query: ['label', 'name', 'dangling'],
  scope: 'containers:read',
  input: resourceFilters(),
  lane: 'reads',
  isRepeatable: true,
  noun: 'volumes',
  summary: 'Lists volumes',
  results: { 200: listOf(volume) },
  example: { input: {}, result: [exampleVolume] },
  async run(podman, filters, context) {
    return (await readVolumes(podman, context)).filter(one => passesFilters(one, filters));
  },
});
