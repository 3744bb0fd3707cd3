import { describe } from 'vitest';
import { testJobs, testWorkerDeath } from './job-tests.ts';

describe.each(['tls', 'sentinel', 'cluster'] as const)('jobs in Redis of the kind %s', kind => {
  testJobs(kind);
  testWorkerDeath(kind);
});
