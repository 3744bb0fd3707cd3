import { containerOperations } from '@podman-api/operations';
import { readFilters } from '../filters.ts';
import type { DockerRoute } from '../route.ts';
import { runOnAllNodes } from '../run-task.ts';

/** Removes containers that have stopped. */
export const pruneContainers: DockerRoute = {
  method: 'POST',
  path: '/containers/prune',
  async handle(request) {
    const { label, until: [until] = [] } = readFilters(request, ['label', 'until']);
    const pruned = await runOnAllNodes(request, containerOperations.prune, {
      ...(label && { label }),
      ...(until !== undefined && { until }),
    });
    const deleted = pruned.filter(({ removed }) => removed).map(({ id }) => id);
    request.ctx.body = { ContainersDeleted: deleted, SpaceReclaimed: 0 };
  },
};
