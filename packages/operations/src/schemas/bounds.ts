import Joi, { type ArraySchema, type ObjectSchema, type Schema, type StringSchema } from 'joi';

/** Longest string in UTF-16 units that V8 can hold. In practice `MAX_BODY` is the limit. */
const maxBodyText = 2 ** 29 - 24;
/** Reports only the first rule that a value breaks. Created once, because `prefs` takes a third of a millisecond. */
const firstRuleText = Joi.string().prefs({ abortEarly: true });
/** Schemas of `boundedText` by their length, which hundreds of fields share. */
const boundedTexts = new Map<number, StringSchema>();

/**
 * Returns the schema of a string of at most `maxLength` characters. A longer one is refused before any other rule runs: a rule can
 * take seconds for a string of ten million characters. A later `max()` adds to this limit.
 */
export function boundedText(maxLength: number): StringSchema {
  const schema = boundedTexts.get(maxLength) ?? firstRuleText.max(maxLength).keep();
  boundedTexts.set(maxLength, schema);
  return schema;
}

/** Returns the schema of a string that may be as long as the request body, such as the content of a file. */
export function bodyText(): StringSchema {
  return boundedText(maxBodyText).allow('');
}

/** Returns the schema of a list of at most `maxItems` values, all of one schema. */
export function boundedList(maxItems: number, item: Schema): ArraySchema {
  return Joi.array().max(maxItems).items(item);
}

/** Returns the schema of an object with at most `maxKeys` keys of the caller's choice. */
export function boundedMap(maxKeys: number, key: RegExp | Schema, value: Schema): ObjectSchema {
  return Joi.object().pattern(key, value).max(maxKeys);
}
