import { listOf, part } from '@podman-api/operations';
import Joi from 'joi';
import { basePath } from '../../context.ts';
import { success } from '../../response/shapes.ts';
import { exampleJob, job, jobError, jobReference } from '../jobs/shapes.ts';
import type { Route } from '../route.ts';
import { batchInput, createRuns } from './batch.ts';

const example = { ...exampleJob, operation: 'run.create', container: null, status: 'queued', started_at: null };

/** Routes of runs other than `POST /runs`, which is an operation. */
export const runRoutes: readonly Route[] = [
  {
    name: 'run.create_batch',
    method: 'POST',
    path: `${basePath}/runs/batch`,
    summary: 'Submits up to 100 runs, each as a separate job',
    description:
      'All runs are validated before any is submitted, and each counts as a request. The response has an entry for each run, in the order of the request: its job, or the error if it could not be submitted. With an `Idempotency-Key`, a batch that is sent again submits only what is missing.',
    scope: 'containers:write',
    headers: { 'Idempotency-Key': 'Requests with the same key and body are one batch.' },
    body: { schema: batchInput, example: { runs: [{ image: 'docker.io/library/alpine:3.20', command: ['echo', 'one'] }] } },
    responses: {
      202: {
        description: 'The runs were submitted.',
        body: success({
          runs: listOf(Joi.alternatives(part({ job: Joi.alternatives(job, jobReference) }), part({ error: jobError }))),
        }),
        example: { runs: [{ job: example }] },
      },
    },
    failures: [404, 409, 413, 415, 422],
    changes: true,
    handle: createRuns,
  },
];
