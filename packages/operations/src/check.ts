import { ApiError, type ErrorDetail } from '@podman-api/errors';
import type { ObjectSchema, ValidationOptions } from 'joi';
import type { Task } from './operation.ts';

/**
 * Checks an input against its operation's schema and converts what came as text in a query.
 * @throws ApiError (400) that lists all faults at once
 */
export function check<Input extends object>(operation: Task<Input>, input: object): Input {
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

/** How many faults are told, and how much of each, in characters: a body can hold thousands. */
const told = { faults: 50, characters: 500 } as const;

/** A 400 that lists the faults of a request. */
export function faults(all: readonly ErrorDetail[]): ApiError {
  const details = all.slice(0, told.faults).map(({ path, message }) => ({ path: shortened(path), message: shortened(message) }));
  const more = all.length > details.length ? [`and ${all.length - details.length} more`] : [];
  const sentences = [...details.map(({ message }) => message), ...more].join('; ');
  return new ApiError('ValidationError', `${sentences}.`, { details });
}

function shortened(text: string): string {
  return text.length > told.characters ? `${text.slice(0, told.characters)}…` : text;
}
