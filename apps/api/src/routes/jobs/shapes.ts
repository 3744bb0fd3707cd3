import { type ErrorType, errorTypes, isErrorType } from '@podman-api/errors';
import { type JobView, jobStatuses } from '@podman-api/jobs';
import { count, instant, listOf, operations, shape } from '@podman-api/operations';
import Joi, { type Schema } from 'joi';
import { errorShape } from '../../response/shapes.ts';

const allTypes: readonly ErrorType[] = Object.keys(errorTypes).filter(isErrorType);

const jobFields = {
  id: Joi.string(),
  operation: Joi.string().description('For example `container.exec`.'),
  container: Joi.string().allow(null),
  node: Joi.string(),
  status: Joi.valid(...jobStatuses),
  created_at: instant(),
  started_at: instant().allow(null),
  finished_at: instant().allow(null),
  attempts: count(),
  request_id: Joi.string(),
  token: Joi.string().allow(null).description('The name of the token of the request; null if no tokens are used.'),
} satisfies Record<keyof Omit<JobView, 'outcome'>, Schema>;

const url = Joi.string().description('The path at which the job can be read.');
// Without duplicates: operations share schemas, such as the create and the inspect of a volume.
const results = [...new Set(operations.flatMap(operation => Object.values(operation.results)))];

/** Shape of the error of a job. */
export const jobError = errorShape(allTypes).id('JobError');

/** Shape of a job. */
export const job = shape('Job', {
  ...jobFields,
  url,
  result: Joi.alternatives(...results)
    .optional()
    .description('The result of the operation, if the job has succeeded.'),
  error: jobError.optional().description('The error, if the job has not succeeded.'),
});

/** Shape of a job in a list. */
const listedJob = shape('ListedJob', {
  ...jobFields,
  url,
  error: shape('ListedJobError', { message: Joi.string(), type: Joi.valid(...allTypes) }).optional(),
});

/** Shape of a list of jobs. */
export const jobList = listOf(listedJob);

/** Shape of an accepted job whose state cannot be read. */
export const jobReference = shape('JobReference', { id: Joi.string(), url });

/** A job for the OpenAPI document. */
export const exampleJob = {
  id: 'local_01JGZ2V7C9',
  operation: 'container.exec',
  container: 'web',
  node: 'local',
  status: 'running',
  created_at: '2026-01-05T09:30:02.000Z',
  started_at: '2026-01-05T09:30:02.003Z',
  finished_at: null,
  attempts: 1,
  request_id: '0b7e1a52-6a0e-4a9e-9a55-1df24a6f7a51',
  token: null,
  url: '/api/v1/jobs/local_01JGZ2V7C9',
};
