import { readFilters } from '../filters.ts';
import { field, objectsIn, stringField } from '../json.ts';
import type { DockerRoute } from '../route.ts';
import { operationNamed, runTask } from '../run-task.ts';

/** Removes containers that have stopped. */
export const pruneContainers: DockerRoute = {
  method: 'POST',
  path: '/containers/prune',
  async handle(request) {
    const { label, until } = readFilters(request, ['label', 'until']);
    const pruned = await runTask(request, operationNamed('container.prune'), {
      ...(label && { label }),
      ...(until && { until: until[0] }),
    });
    const removed = objectsIn(pruned).filter(container => field(container, 'removed') === true);
    request.ctx.body = { ContainersDeleted: removed.map(container => stringField(container, 'id')), SpaceReclaimed: 0 };
  },
};
