import Joi, { type ArraySchema, type ObjectSchema, type Schema, type StringSchema } from 'joi';

/** Largest string that a body can hold, in UTF-16 units: V8 makes no longer ones. `MAX_BODY` is what limits it in practice. */
const maxBodyText = 2 ** 29 - 24;

/**
 * A string of at most `maxLength` characters. A longer one is refused before any other rule looks at it: Joi would otherwise
 * run every rule, and a rule can take seconds for a string of ten million characters. A later, lower `max()` is added to it.
 */
export function boundedText(maxLength: number): StringSchema {
  return Joi.string().max(maxLength).keep().prefs({ abortEarly: true });
}

/** A string that may be as long as the request body, such as the content of a file. */
export function bodyText(): StringSchema {
  return boundedText(maxBodyText).allow('');
}

/** A list of at most `maxItems` values, all of them of one schema. */
export function boundedList(maxItems: number, item: Schema): ArraySchema {
  return Joi.array().max(maxItems).items(item);
}

/** An object with at most `maxKeys` keys of the caller's choice. */
export function boundedMap(maxKeys: number, key: RegExp | Schema, value: Schema): ObjectSchema {
  return Joi.object().pattern(key, value).max(maxKeys);
}
