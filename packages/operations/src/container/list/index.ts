import { define } from '../../define.ts';
import { type ListContainersInput, listInput } from './input.ts';
import { exampleListed, type ListedContainer, listedContainers } from './result.ts';
import { listContainers } from './run.ts';

/** Lists all containers, running and stopped. */
export const list = define<ListContainersInput, readonly ListedContainer[]>({
  name: 'container.list',
  method: 'GET',
  path: '/containers',
  reach: 'all',
  query: ['label', 'status', 'name', 'pool', 'fresh'],
  scope: 'containers:read',
  input: listInput,
  lane: 'reads',
  isRepeatable: true,
  noun: 'containers',
  summary: 'Lists all containers, running and stopped',
  results: { 200: listedContainers },
  example: { input: {}, result: [exampleListed] },
  run: listContainers,
});
