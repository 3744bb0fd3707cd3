import { ApiError, type ErrorDetail } from '@podman-api/errors';
import type { ObjectSchema, Schema, ValidationErrorItem, ValidationOptions } from 'joi';
import type { Operation, Task } from './operation.ts';
import { sentenceOf } from './schemas/sentences.ts';
import { suggestField } from './schemas/suggest.ts';

/**
 * Validates an input against its operation's schema and converts strings from a query.
 * @throws ApiError (400) that lists all faults at once
 */
export function validateInput<Input extends object>(operation: Task<Input> & Pick<Operation<Input>, 'inputFor'>, input: object): Input {
  return validateAgainst(operation.inputFor?.(input) ?? operation.input, input, { convert: false });
}

/**
 * Validates a value against a schema.
 * @throws ApiError (400) that lists all faults at once
 */
export function validateAgainst<Value extends object>(schema: ObjectSchema<Value>, given: object, options: ValidationOptions = {}): Value {
  const { error, value } = schema.validate(given, { abortEarly: false, errors: { wrap: { label: false } }, ...options });
  if (!error) return value;
  const first = error.details.slice(0, maxFaults).map(detail => ({ path: detail.path.join('.'), message: messageOf(detail, schema) }));
  throw validationError(first, error.details.length);
}

function messageOf(detail: ValidationErrorItem, schema: Schema): string {
  const [field] = detail.path;
  if (detail.type !== 'object.unknown' || detail.path.length !== 1 || typeof field !== 'string') return sentenceOf(detail);
  const suggestion = suggestField(field, fieldsOf(schema));
  return `${sentenceOf(detail)}${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`;
}

const fieldsBySchema = new WeakMap<Schema, readonly string[]>();

/** Returns the names of the fields that an object with this schema can have. */
export function fieldsOf(schema: Schema): readonly string[] {
  const known = fieldsBySchema.get(schema) ?? Object.keys(schema.describe().keys ?? {});
  fieldsBySchema.set(schema, known);
  return known;
}

/** Limits for the response to a request with many faults; a body can have thousands of long ones. */
const maxFaults = 50;
const maxFaultCharacters = 500;

/**
 * Returns a 400 that lists the faults of a request.
 * @param count number of all faults, if `all` has only the first ones
 */
export function validationError(all: readonly ErrorDetail[], count: number = all.length): ApiError {
  const details = all.slice(0, maxFaults).map(({ path, message }) => ({ path: shorten(path), message: shorten(message) }));
  const more = count > details.length ? [`and ${count - details.length} more`] : [];
  const sentences = [...details.map(({ message }) => message), ...more].join('; ');
  return new ApiError('ValidationError', `${sentences}.`, { details });
}

function shorten(text: string): string {
  return text.length > maxFaultCharacters ? `${text.slice(0, maxFaultCharacters)}…` : text;
}
