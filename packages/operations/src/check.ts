import { ApiError, type ErrorDetail } from '@podman-api/errors';
import type { ObjectSchema, ValidationOptions } from 'joi';
import type { Operation } from './operation.ts';

/**
 * Checks an input against its operation's schema and converts what came as text in a query.
 * @throws ApiError (400) that lists all faults at once
 */
export function check<Input extends object>(operation: Operation<Input>, input: object): Input {
  return validated(operation.input, input, { convert: false });
}

/**
 * Checks a value against a schema.
 * @throws ApiError (400) that lists all faults at once
 */
export function validated<Value extends object>(schema: ObjectSchema<Value>, given: object, options: ValidationOptions = {}): Value {
  const { error, value } = schema.validate(given, { abortEarly: false, errors: { wrap: { label: false } }, ...options });
  if (error) throw faults(error.details.map(({ path, message }) => ({ path: path.join('.'), message })));
  return value;
}

/** A 400 that lists the faults of a request. */
export function faults(details: readonly ErrorDetail[]): ApiError {
  const sentences = details.map(({ message }) => message).join('; ');
  return new ApiError('ValidationError', `${sentences}.`, { details });
}
