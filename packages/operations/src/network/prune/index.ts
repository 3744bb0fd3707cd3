import Joi from 'joi';
import { define } from '../../define.ts';
import { removeUnused } from '../../resource-changes.ts';
import { labelFilter } from '../../schemas/label-filter.ts';
import { type RemovedResource, removedResource } from '../../schemas/removed-resource.ts';
import { passesFilters } from '../../schemas/resource-filters.ts';
import { listOf } from '../../schemas/shape.ts';
import { readNetworks } from '../lookup/network.ts';
import { isAllowedNetwork } from '../lookup/network-policy.ts';

interface PruneNetworksInput {
  readonly label?: readonly string[];
}

/** Removes the networks that no container is connected to. */
export const pruneNetworks = define<PruneNetworksInput, readonly RemovedResource[]>({
  name: 'network.prune',
  method: 'POST',
  path: '/networks/prune',
  reach: 'all',
  scope: 'containers:write',
  input: Joi.object<PruneNetworksInput>({ label: labelFilter() }),
  noun: 'networks',
  summary: 'Removes the networks that no container is connected to',
  description: 'On all nodes, or on the one that `?node=` names. If `ALLOWED_NETWORKS` is set, only networks that it allows.',
  results: { 200: listOf(removedResource('PrunedNetwork')) },
  example: { input: { label: ['team=ci'] }, result: [{ name: 'backend', removed: true, node: 'local' }] },
  async run(podman, filters, context) {
    const networks = await readNetworks(podman, context, { isExact: true });
    const unused = networks.filter(one => passesFilters(one, { ...filters, dangling: true }) && isAllowedNetwork(one.name, context.policy));
    return removeUnused(
      podman,
      'network',
      unused.map(({ name }) => name),
      context,
    );
  },
});
