import fc, { type Arbitrary } from 'fast-check';
import { hostileBody } from './bodies.ts';
import { calls, invalidCalls } from './calls.ts';
import { contentTypes, hostileHeaders } from './headers.ts';
import { malformed } from './malformed.ts';
import { type HostileRequest, requestOf } from './request.ts';
import { hostileTarget, jobsTarget, methods } from './targets.ts';

const pathRequests = fc
  .tuple(methods, hostileTarget, hostileHeaders, fc.option(hostileBody), contentTypes)
  .map(([method, target, headers, body, type]) =>
    requestOf({ kind: 'path', method, target, headers: [...headers, type], ...(body !== null && { body }) }),
  );
const jobs = fc
  .tuple(fc.constantFrom('GET', 'GET', 'GET', 'DELETE', 'HEAD', 'POST'), jobsTarget, hostileHeaders)
  .map(([method, target, headers]) => requestOf({ kind: 'jobs', method, target, headers }));

const requests: Arbitrary<HostileRequest> = fc.oneof(
  { weight: 50, arbitrary: calls },
  { weight: 15, arbitrary: invalidCalls },
  { weight: 15, arbitrary: pathRequests },
  { weight: 12, arbitrary: jobs },
  { weight: 8, arbitrary: malformed },
);

/** Number of requests that are generated at once. */
const batchSize = 500;

/** Generates a number of requests; the same seed gives the same requests. */
export function* hostileRequests(seed: number, count: number): Generator<HostileRequest> {
  for (let generatedCount = 0; generatedCount < count; generatedCount += batchSize) {
    yield* fc.sample(requests, { seed: seed + generatedCount, numRuns: Math.min(batchSize, count - generatedCount) });
  }
}
