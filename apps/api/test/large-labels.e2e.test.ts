import { describe } from 'vitest';
import { itListsContainersWithLargeLabels } from './labels/large-labels.ts';

describe('GET /containers', () => {
  itListsContainersWithLargeLabels(2);
});
