import { describe } from 'vitest';
import { testJobs } from './job-tests.ts';

// The kind of Redis that differs most from a single server; the others are in kinds.long.test.ts.
describe('jobs in a Redis Cluster', () => testJobs('cluster'));
