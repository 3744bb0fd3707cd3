import { readFileSync } from 'node:fs';
import { fieldOf } from '../field.ts';

/** The API's document as it stands in the repository. */
export const document: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'),
);

type Json = Readonly<Record<string, unknown>>;

/** What the document says of the answers of a route. */
export interface Described {
  /** By their statuses. */
  readonly responses: Json;
}

const templates = Object.keys(objectAt(document, 'paths')).map(template => ({
  template,
  // Of `/jobs/{id}` and `/jobs/mine` the one without parameters is meant.
  parameters: template.split('{').length - 1,
  form: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** What the document says of a request; nothing where it has no such route. */
export function describedOf(method: string, path: string): Described | undefined {
  const { pathname } = new URL(path, 'http://api');
  const matching = templates.filter(({ form }) => form.test(pathname)).sort((one, other) => one.parameters - other.parameters);
  const [found] = matching.map(({ template }) => templateOf(template, method)).filter(described => described !== undefined);
  return found;
}

function templateOf(template: string, method: string): Described | undefined {
  const operation = objectAt(objectAt(document, 'paths'), template)[method.toLowerCase()];
  return isJson(operation) ? { responses: objectAt(operation, 'responses') } : undefined;
}

/** A part of the document, or what it refers to. */
export function resolved(part: unknown): Json {
  if (!isJson(part)) return {};
  const { $ref: reference } = part;
  if (typeof reference !== 'string') return part;
  const found = fieldOf(document, reference.replace('#/', '').replaceAll('/', '.'));
  if (!isJson(found)) throw new Error(`the document has no ${reference}`);
  return found;
}

/** A field that is an object; an empty one where there is none. */
export function objectAt(value: Json, field: string): Json {
  return resolved(value[field]);
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
