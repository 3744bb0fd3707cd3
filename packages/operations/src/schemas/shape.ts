import Joi, { type ArraySchema, type ObjectSchema, type Schema } from 'joi';

/**
 * Returns the schema of an object in a response: every field is required unless it is `optional()`, and there is no other one.
 * @param name its name in the OpenAPI document, such as `Execution`
 */
export function shape<Value extends object>(name: string, fields: Readonly<Record<keyof Value, Schema>>): ObjectSchema<Value> {
  return part<Value>(fields).id(name);
}

/** Returns the schema of a nested object, which has no name in the OpenAPI document. */
export function part<Value extends object>(fields: Readonly<Record<keyof Value, Schema>>): ObjectSchema<Value> {
  const given = Object.entries<Schema>(fields).map(([field, schema]) => [field, isOptional(schema) ? schema : schema.required()]);
  return Joi.object<Value>(Object.fromEntries(given));
}

/** Returns the schema of a list. */
export function listOf(schema: Schema): ArraySchema {
  return Joi.array().items(schema);
}

/** Returns the schema of any string, including an empty one. */
export const anyText = () => Joi.string().allow('');

/** Returns the schema of a whole number of at least 0. */
export const count = () => Joi.number().integer().min(0);

/** Returns the schema of a time: ISO 8601 in UTC. */
export const instant = () => Joi.string().isoDate();

/** Returns the schema of an object whose values are strings. */
export const stringMap = () => Joi.object().pattern(Joi.any(), anyText());

/** Returns the schema of the first 12 digits of a container's or an image's id. */
export const shortIdText = () => Joi.string().pattern(/^[0-9a-f]{12}$/);

function isOptional(schema: Schema): boolean {
  // Not `describe()`, which walks all nested schemas: it took half the time in which a process starts.
  return schema.$_getFlag('presence') === 'optional';
}
