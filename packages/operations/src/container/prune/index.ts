import Joi from 'joi';
import { define } from '../../define.ts';
import { labelFilter } from '../../schemas/label-filter.ts';
import { anyText, listOf, shape, shortIdText } from '../../schemas/shape.ts';
import { logTime } from '../logs/log-time.ts';
import { type PruneContainersInput, type PrunedContainer, pruneContainers } from './run.ts';

/** Removes containers that have stopped. Not repeatable: others may have stopped since. */
export const prune = define<PruneContainersInput, readonly PrunedContainer[]>({
  name: 'container.prune',
  method: 'POST',
  path: '/containers/prune',
  reach: 'all',
  scope: 'containers:write',
  input: Joi.object<PruneContainersInput>({
    label: labelFilter(),
    until: logTime().description('Only containers created before this time: RFC 3339, seconds since 1970, or an age such as `24h`.'),
  }),
  noun: 'containers',
  effect: (_input, containers) => ({ removed: containers.filter(({ removed }) => removed).map(({ id }) => id) }),
  summary: 'Removes containers that have stopped',
  description:
    'On all nodes, or on the one that `?node=` names, with their anonymous volumes. Running and paused containers stay, and so do those that are being created and those of runs.',
  results: {
    200: listOf(
      shape<PrunedContainer>('PrunedContainer', {
        id: shortIdText(),
        name: anyText(),
        node: Joi.string(),
        removed: Joi.boolean(),
        error: anyText().allow(null).description('Why it was not removed; null if it was.'),
      }),
    ),
  },
  example: { input: { until: '24h' }, result: [{ id: '1f0c2a9b7d3e', name: 'web', node: 'local', removed: true, error: null }] },
  run: pruneContainers,
});
