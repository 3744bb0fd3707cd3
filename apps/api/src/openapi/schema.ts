import type { Schema } from 'joi';

/** A JSON object, such as a part of the document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Shared schemas of the document, by name. */
export type Components = Map<string, JsonObject>;

/**
 * Converts a Joi schema to JSON Schema 2020-12, the dialect of OpenAPI 3.1, with Joi's own conversion. Schemas with a
 * name (`id()`) are added to the components and replaced by a reference.
 * @throws Error if two different schemas have the same name
 */
export function jsonSchema(schema: Schema, components: Components): JsonObject {
  return nameSchema(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }), schema.describe(), components);
}

/** Adds a schema to the components. @returns the reference to it */
export function hoistSchema(name: string, json: JsonObject, components: Components): JsonObject {
  const known = components.get(name);
  if (known && JSON.stringify(known) !== JSON.stringify(json)) throw new Error(`there are two schemas called ${name}`);
  components.set(name, json);
  return { $ref: `#/components/schemas/${name}` };
}

/** Replaces named parts of a converted schema by references; Joi's description has the names. */
function nameSchema(json: JsonObject, described: unknown, components: Components): JsonObject {
  const { description, ...inner } = nameParts(json, described, components);
  const name = fieldOf(fieldOf(described, 'flags'), 'id');
  if (typeof name !== 'string') return description === undefined ? inner : { description, ...inner };
  return { ...hoistSchema(name, inner, components), ...(description !== undefined && { description }) };
}

function nameParts(json: JsonObject, described: unknown, components: Components): JsonObject {
  const { $defs: _inlined, properties, items, anyOf, allOf, ...rest } = json;
  const fields = isJson(properties) ? Object.entries(properties) : [];
  const keys = fieldOf(described, 'keys');
  const matches = listAt(described, 'matches').map(match => fieldOf(match, 'schema'));
  const [item] = listAt(described, 'items');
  return {
    ...rest,
    ...(isJson(properties) && {
      properties: Object.fromEntries(fields.map(([key, value]) => [key, nameIfObject(value, fieldOf(keys, key), components)])),
    }),
    ...(items !== undefined && { items: nameIfObject(items, item, components) }),
    // Code generators need the type repeated for each of several patterns.
    ...(Array.isArray(allOf) && { allOf: allOf.map(one => ({ type: json['type'], ...one })) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((one, index) => nameIfObject(one, matches[index], components)) }),
  };
}

function nameIfObject(json: unknown, described: unknown, components: Components): unknown {
  return isJson(json) ? nameSchema(json, described, components) : json;
}

function isJson(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown, key: string): unknown {
  return isJson(value) ? value[key] : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}
