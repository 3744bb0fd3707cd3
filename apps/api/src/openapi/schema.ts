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
  return nameSchema(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }), schema, components);
}

/** Adds a schema to the components. @returns the reference to it */
export function hoistSchema(name: string, json: JsonObject, components: Components): JsonObject {
  const known = components.get(name);
  if (known && JSON.stringify(known) !== JSON.stringify(json)) throw new Error(`there are two schemas called ${name}`);
  components.set(name, json);
  return { $ref: `#/components/schemas/${name}` };
}

/** The schemas within a Joi schema. */
interface InnerSchemas {
  /** Fields of an object. */
  readonly keys?: readonly { readonly key: string; readonly schema: Schema }[] | null;
  /** Schemas of the items of an array. */
  readonly items?: readonly Schema[];
  /** Branches of alternatives. */
  readonly matches?: readonly { readonly schema?: Schema }[];
}

/**
 * Replaces named parts of a converted schema by references. It takes the names from the Joi schema itself: `describe()` would validate
 * each description that it returns, 2.5 s of CPU time for the document (measured).
 */
function nameSchema(json: JsonObject, schema: Schema | undefined, components: Components): JsonObject {
  const { description, ...inner } = nameParts(json, schema, components);
  const name: unknown = schema?.$_getFlag('id');
  if (typeof name !== 'string') return description === undefined ? inner : { description, ...inner };
  return { ...hoistSchema(name, inner, components), ...(description !== undefined && { description }) };
}

function nameParts(json: JsonObject, schema: Schema | undefined, components: Components): JsonObject {
  const { $defs: _inlined, properties, items, anyOf, allOf, ...rest } = json;
  const fields = isJson(properties) ? Object.entries(properties) : [];
  const inner: InnerSchemas = schema?.$_terms ?? {};
  const schemaByKey = new Map(inner.keys?.map(({ key, schema: field }) => [key, field]));
  return {
    ...rest,
    ...(isJson(properties) && {
      properties: Object.fromEntries(fields.map(([key, value]) => [key, nameIfObject(value, schemaByKey.get(key), components)])),
    }),
    ...(items !== undefined && { items: nameIfObject(items, inner.items?.[0], components) }),
    // Code generators need the type repeated for each of several patterns.
    ...(Array.isArray(allOf) && { allOf: allOf.map(one => ({ type: json['type'], ...one })) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((one, index) => nameIfObject(one, inner.matches?.[index]?.schema, components)) }),
  };
}

function nameIfObject(json: unknown, schema: Schema | undefined, components: Components): unknown {
  return isJson(json) ? nameSchema(json, schema, components) : json;
}

function isJson(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
