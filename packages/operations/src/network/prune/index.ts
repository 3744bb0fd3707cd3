import Joi from 'joi';
import { failedFor } from '../../container/failed-for.ts';
import { define } from '../../operation.ts';
import { type RemovedResource, removedResource } from '../../schemas/removed-resource.ts';
import { labelFilter, passesFilters } from '../../schemas/resource-filters.ts';
import { listOf } from '../../schemas/shape.ts';
import { readNetworks } from '../lookup/network.ts';
import { isAllowedNetwork } from '../lookup/network-policy.ts';

interface PruneInput {
  readonly label?: readonly string[];
}

/** Removes the networks that no container is connected to. */
export const pruneNetworks = define<PruneInput, readonly RemovedResource[]>({
  name: 'network.prune',
  method: 'POST',
  path: '/networks/prune',
  reach: 'all',
  scope: 'containers:write',
  input: Joi.object<PruneInput>({ label: labelFilter() }),
  noun: 'networks',
  summary: 'Removes the networks that no container is connected to',
  description: 'On all nodes, or on the one that `?node=` names. If `ALLOWED_NETWORKS` is set, only networks that it allows.',
  results: { 200: listOf(removedResource('PrunedNetwork')) },
  example: { input: { label: ['team=ci'] }, result: [{ name: 'backend', removed: true, node: 'local' }] },
  async run(podman, filters, context) {
    const removed: RemovedResource[] = [];
    for (const one of await readNetworks(podman, context)) {
      if (!passesFilters(one, { ...filters, dangling: true }) || !isAllowedNetwork(one.name, context.policy)) continue;
      // One at a time, by the policy; what is in use by now stays.
      try {
        await podman.run(['network', 'rm', '--', one.name], { signal: context.signal });
        removed.push({ name: one.name, removed: true, node: context.node });
      } catch (error) {
        if (!failedFor('network-in-use', error) && !failedFor('no-network', error)) throw error;
      }
    }
    return removed;
  },
});
