import { nameOfReference, type Schema } from './document.ts';
import { docstring, isIdentifier, literal, pascalCase, wrap } from './python-text.ts';

/** Types of Python by those of JSON. */
const simpleTypes: Readonly<Record<string, string>> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  null: 'None',
};

/** Writes Python types for schemas. Objects become classes (TypedDict), which it collects. */
export interface TypeWriter {
  /**
   * Returns the type of a schema.
   * @param name name of the class, if the schema is an object with named fields
   * @param prefix text before the names of classes, such as `schemas.` in another module
   * @throws Error for a schema that is not supported, and for two schemas with one name
   */
  typeOf(schema: Schema, name: string, prefix?: string): string;
  /** Source of all classes so far, in their order. */
  classes(): readonly string[];
}

/** Creates a writer of types. */
export function createTypeWriter(): TypeWriter {
  const classes = new Map<string, { readonly schema: Schema; readonly source: string }>();

  const addClass = (schema: Schema, name: string): void => {
    const known = classes.get(name);
    if (known?.schema === schema) return;
    if (known) throw new Error(`Two schemas would be the class ${name}: rename one of them.`);
    // Reserves its place before the classes of its fields.
    classes.set(name, { schema, source: '' });
    classes.set(name, { schema, source: classSource(name, schema, (field, fieldSchema) => typeOf(fieldSchema, name + pascalCase(field))) });
  };

  const objectType = (schema: Schema, name: string, prefix: string): string => {
    const { properties = {}, patternProperties = {}, additionalProperties } = schema;
    if (Object.keys(properties).length > 0) {
      addClass(schema, name);
      return prefix + name;
    }
    const values = Object.values(patternProperties);
    if (typeof additionalProperties === 'object') values.push(additionalProperties);
    return values.length === 0 ? 'Mapping[str, Any]' : `Mapping[str, ${union(values, `${name}Value`, prefix)}]`;
  };

  const union = (schemas: readonly Schema[], name: string, prefix: string): string => {
    const objects = schemas.filter(({ type }) => type === 'object');
    const types = schemas.map(schema => {
      const index = objects.indexOf(schema);
      return typeOf(schema, index > 0 ? `${name}${index + 1}` : name, prefix);
    });
    return [...new Set(types)].join(' | ');
  };

  const typeOf = (schema: Schema, name: string, prefix = ''): string => {
    const { $ref, type } = schema;
    if ($ref !== undefined) return prefix + nameOfReference($ref);
    if (schema.enum) return literalType(schema.enum);
    const variants = schema.anyOf ?? schema.oneOf;
    if (variants) return union(variants, name, prefix);
    // With a type, allOf only adds constraints.
    if (schema.allOf && type === undefined) {
      const [only, ...others] = schema.allOf;
      if (!only || others.length > 0) throw new Error(`${name}: the generator does not support an allOf of several schemas.`);
      return typeOf(only, name, prefix);
    }
    if (type === undefined) return 'Any';
    if (typeof type !== 'string') {
      return [...new Set(type.map(one => typeOf({ ...schema, type: one }, name, prefix)))].join(' | ');
    }
    if (type === 'object') return objectType(schema, name, prefix);
    if (type === 'array') {
      const items = schema.prefixItems ?? (schema.items ? [schema.items] : []);
      return items.length === 0 ? 'Sequence[Any]' : `Sequence[${union(items, `${name}Item`, prefix)}]`;
    }
    return simpleTypes[type] ?? 'Any';
  };

  return { typeOf, classes: () => [...classes.values()].map(({ source }) => source) };
}

/** Returns `Literal[…]`, with `None` beside it if null is a value. */
function literalType(values: readonly (string | number | boolean | null)[]): string {
  const present = values.filter(value => value !== null);
  if (present.length === 0) return 'None';
  // A Literal takes no floats.
  const hasFloat = present.some(value => typeof value === 'number' && !Number.isInteger(value));
  const type = hasFloat ? 'float' : `Literal[${present.map(literal).join(', ')}]`;
  return values.includes(null) ? `${type} | None` : type;
}

/** Returns the source of a TypedDict. Fields that are not Python names need the functional syntax. */
function classSource(
  name: string,
  { properties = {}, description, required = [] }: Schema,
  typeOfField: (field: string, schema: Schema) => string,
): string {
  const fields = Object.entries(properties).map(([field, schema]) => ({
    field,
    type: required.includes(field) ? typeOfField(field, schema) : `NotRequired[${typeOfField(field, schema)}]`,
    description: schema.description,
  }));
  if (!fields.every(({ field }) => isIdentifier(field))) {
    const lines = fields.map(({ field, type }) => `        ${literal(field)}: ${quoteType(type)},`);
    return `${name} = TypedDict(\n    "${name}",\n    {\n${lines.join('\n')}\n    },\n)`;
  }
  const lines = fields.flatMap(field => [
    `    ${field.field}: ${field.type}`,
    ...(field.description === undefined ? [] : [docstring(wrap(field.description, 100, ''), '    ')]),
  ]);
  const header = description === undefined ? [] : [docstring(wrap(description, 100, ''), '    '), ''];
  return [`class ${name}(TypedDict):`, ...header, ...lines].join('\n');
}

/** Quotes a type, because the functional syntax evaluates it before later classes exist. */
function quoteType(type: string): string {
  const [, inner] = /^NotRequired\[(.*)\]$/.exec(type) ?? [];
  return inner === undefined ? literal(type) : `NotRequired[${literal(inner)}]`;
}
