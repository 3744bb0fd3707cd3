import { define } from '../../define.ts';
import { passesFilters, type ResourceFilters, resourceFilters } from '../../schemas/resource-filters.ts';
import { listOf } from '../../schemas/shape.ts';
import { exampleNetwork, type Network, network, readNetworks } from '../lookup/network.ts';

/** Lists the networks. */
export const listNetworks = define<ResourceFilters, readonly Network[]>({
  name: 'network.list',
  method: 'GET',
  path: '/networks',
  reach: 'all',
  query: ['label', 'name', 'dangling'],
  scope: 'containers:read',
  input: resourceFilters(),
  lane: 'reads',
  isRepeatable: true,
  noun: 'networks',
  summary: 'Lists networks',
  results: { 200: listOf(network) },
  example: { input: {}, result: [exampleNetwork] },
  async run(podman, filters, context) {
    return (await readNetworks(podman, context, { isExact: false })).filter(one => passesFilters(one, filters));
  },
});
