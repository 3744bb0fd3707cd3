import { type ErrorDetail, type ErrorFields, type ErrorType, errorTypes } from '@podman-api/errors';
import { jobStatuses } from '@podman-api/jobs';
import { anyText, containerOperations, instant, listOf, part, shape } from '@podman-api/operations';
import Joi, { type ObjectSchema, type Schema } from 'joi';

const jobId = () => Joi.string().description('Id of the job that the request created.');

/** Returns the shape of a successful response: the result under its noun, and further fields. */
export function success(fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return part({ success: Joi.valid(true), ...fields, timestamp: instant() });
}

/** Returns the shape of a successful response to a request that created a job. */
export function successOfJob(fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return success({ job_id: jobId(), ...fields });
}

const errorFields = {
  details: listOf(shape<ErrorDetail>('ErrorDetail', { path: anyText(), message: Joi.string() }))
    .optional()
    .description('All errors in the request, one per entry.'),
  job: shape<NonNullable<ErrorFields['job']>>('ErrorJob', {
    id: Joi.string(),
    status: Joi.valid(...jobStatuses).optional(),
    url: Joi.string().optional(),
  })
    .optional()
    .description('The job that the error is about.'),
  execution: (containerOperations.exec.results[200] ?? Joi.object()).optional().description('Output of the command until its time limit.'),
  podman: Joi.string().optional().description("Podman's complete error message; only with DEBUG."),
} satisfies Record<keyof ErrorFields, Schema>;

/** Returns the shape of an error of some types, as failed responses and jobs contain it. */
export function errorShape(types: readonly ErrorType[]): ObjectSchema {
  return part({
    message: Joi.string().description('What happened, and what to do.'),
    code: Joi.valid(...new Set(types.map(type => errorTypes[type].status))).description('The HTTP status.'),
    type: Joi.valid(...types),
    ...errorFields,
  });
}

/** Returns the shape of a failed response. */
export function failure(types: readonly ErrorType[]): ObjectSchema {
  return part({
    success: Joi.valid(false),
    error: errorShape(types),
    job_id: jobId().optional(),
    timestamp: instant(),
  });
}
