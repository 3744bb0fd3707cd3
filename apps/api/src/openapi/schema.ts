import type { Schema } from 'joi';

/** A JSON object, such as a part of the document. */
export type Json = Readonly<Record<string, unknown>>;

/** Schemas that stand once in the document, by their names. */
export type Components = Map<string, Json>;

/**
 * A Joi schema as JSON Schema (2020-12, which OpenAPI 3.1 speaks), by Joi's own conversion. What has a name of its own
 * (`id()`) is put with the components, and stands as a reference to them.
 * @throws Error where two different schemas have one name
 */
export function jsonSchema(schema: Schema, components: Components): Json {
  return named(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }), schema.describe(), components);
}

/** A schema under a name; gives the reference. */
export function hoisted(name: string, json: Json, components: Components): Json {
  const known = components.get(name);
  if (known && JSON.stringify(known) !== JSON.stringify(json)) throw new Error(`there are two schemas called ${name}`);
  components.set(name, json);
  return { $ref: `#/components/schemas/${name}` };
}

/** Goes through a converted schema and Joi's description of it, which has the names, side by side. */
function named(json: Json, described: unknown, components: Components): Json {
  const { description, ...inner } = partsNamed(json, described, components);
  const name = fieldOf(fieldOf(described, 'flags'), 'id');
  if (typeof name !== 'string') return description === undefined ? inner : { description, ...inner };
  return { ...hoisted(name, inner, components), ...(description !== undefined && { description }) };
}

function partsNamed(json: Json, described: unknown, components: Components): Json {
  const { $defs: _inlined, properties, items, anyOf, allOf, ...rest } = json;
  const fields = isJson(properties) ? Object.entries(properties) : [];
  const keys = fieldOf(described, 'keys');
  const matches = listAt(described, 'matches').map(match => fieldOf(match, 'schema'));
  const [item] = listAt(described, 'items');
  return {
    ...rest,
    ...(isJson(properties) && {
      properties: Object.fromEntries(fields.map(([key, value]) => [key, at(value, fieldOf(keys, key), components)])),
    }),
    ...(items !== undefined && { items: at(items, item, components) }),
    // Several patterns: generators want to be told again that they are for texts.
    ...(Array.isArray(allOf) && { allOf: allOf.map(one => ({ type: json['type'], ...one })) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((one, index) => at(one, matches[index], components)) }),
  };
}

function at(json: unknown, described: unknown, components: Components): unknown {
  return isJson(json) ? named(json, described, components) : json;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown, key: string): unknown {
  return isJson(value) ? value[key] : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}
