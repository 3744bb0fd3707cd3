import Joi, { type ArraySchema, type ObjectSchema, type Schema } from 'joi';

/**
 * The shape of what is answered: every field is there unless it says `optional()`, and no other one.
 * @param name what the API's document calls it, such as `Execution`
 */
export function shape<Value extends object>(name: string, fields: Readonly<Record<keyof Value, Schema>>): ObjectSchema<Value> {
  return part<Value>(fields).id(name);
}

/** The shape of a part of it, which has no name of its own. */
export function part<Value extends object>(fields: Readonly<Record<keyof Value, Schema>>): ObjectSchema<Value> {
  const given = Object.entries<Schema>(fields).map(([field, schema]) => [field, isOptional(schema) ? schema : schema.required()]);
  return Joi.object<Value>(Object.fromEntries(given));
}

/** A list of what has a shape. */
export function listOf(schema: Schema): ArraySchema {
  return Joi.array().items(schema);
}

/** Any text, an empty one too. */
export const anyText = () => Joi.string().allow('');

/** A whole number from 0 on. */
export const count = () => Joi.number().integer().min(0);

/** When something was, ISO 8601 in UTC. */
export const instant = () => Joi.string().isoDate();

/** Names and their texts. */
export const texts = () => Joi.object().pattern(Joi.any(), anyText());

/** The first 12 digits of a container's or an image's id. */
export const shortIdText = () => Joi.string().pattern(/^[0-9a-f]{12}$/);

function isOptional(schema: Schema): boolean {
  const { flags = {} } = schema.describe();
  return 'presence' in flags && flags.presence === 'optional';
}
