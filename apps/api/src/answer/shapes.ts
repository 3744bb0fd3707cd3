import { type ErrorDetail, type ErrorFields, type ErrorType, errorTypes } from '@podman-api/errors';
import { jobStatuses } from '@podman-api/jobs';
import { anyText, findOperation, instant, listOf, part, shape } from '@podman-api/operations';
import Joi, { type ObjectSchema, type Schema } from 'joi';

const jobId = () => Joi.string().description('The job that the request made.');

/** The shape of a success: what was asked for, under its noun, and what stands beside it. */
export function success(fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return part({ success: Joi.valid(true), ...fields, timestamp: instant() });
}

/** The same of a request that made a job. */
export function successOfJob(fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return success({ job_id: jobId(), ...fields });
}

const errorFields = {
  details: listOf(shape<ErrorDetail>('ErrorDetail', { path: anyText(), message: Joi.string() }))
    .optional()
    .description('All faults of the request, one an entry.'),
  job: shape<NonNullable<ErrorFields['job']>>('ErrorJob', {
    id: Joi.string(),
    status: Joi.valid(...jobStatuses).optional(),
    url: Joi.string().optional(),
  })
    .optional()
    .description('The job that the error is about.'),
  execution: (findOperation('container.exec')?.results[200] ?? Joi.object())
    .optional()
    .description('What a command had written before its time was over.'),
  podman: Joi.string().optional().description("Podman's own words, unabridged; only with DEBUG."),
} satisfies Record<keyof ErrorFields, Schema>;

/** The shape of an error of some types, as it stands in a failure and in a job. */
export function errorShape(types: readonly ErrorType[]): ObjectSchema {
  return part({
    message: Joi.string().description('What is wrong, and what to do about it.'),
    code: Joi.valid(...new Set(types.map(type => errorTypes[type].status))).description('The HTTP status.'),
    type: Joi.valid(...types),
    ...errorFields,
  });
}

/** The shape of a failure. */
export function failure(types: readonly ErrorType[]): ObjectSchema {
  return part({
    success: Joi.valid(false),
    error: errorShape(types),
    job_id: jobId().optional(),
    timestamp: instant(),
  });
}
