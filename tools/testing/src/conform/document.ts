import { readFileSync } from 'node:fs';
import { fieldOf } from '../field.ts';

/** The OpenAPI document in the repository. */
export const document: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'),
);

type JsonObject = Readonly<Record<string, unknown>>;

/** The responses of an operation in the document. */
export interface DescribedOperation {
  /** By their status codes. */
  readonly responses: JsonObject;
}

const templates = Object.keys(objectAt(document, 'paths')).map(template => ({
  template,
  // `/jobs/mine` matches two templates: the one with fewer parameters wins.
  parameterCount: template.split('{').length - 1,
  pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** Finds the operation of a request. @returns `undefined` if the document has no such route */
export function findOperation(method: string, path: string): DescribedOperation | undefined {
  const { pathname } = new URL(path, 'http://api');
  const matching = templates
    .filter(({ pattern }) => pattern.test(pathname))
    .sort((one, other) => one.parameterCount - other.parameterCount);
  const [found] = matching.map(({ template }) => readOperation(template, method)).filter(operation => operation !== undefined);
  return found;
}

function readOperation(template: string, method: string): DescribedOperation | undefined {
  const operation = objectAt(objectAt(document, 'paths'), template)[method.toLowerCase()];
  return isJson(operation) ? { responses: objectAt(operation, 'responses') } : undefined;
}

/** Returns a part of the document; for a reference, the part that it refers to. @throws Error if that is missing */
export function resolveReference(part: unknown): JsonObject {
  if (!isJson(part)) return {};
  const { $ref: reference } = part;
  if (typeof reference !== 'string') return part;
  const found = fieldOf(document, reference.replace('#/', '').replaceAll('/', '.'));
  if (!isJson(found)) throw new Error(`the document has no ${reference}`);
  return found;
}

/** Returns a field that is an object; an empty object if it is missing. */
export function objectAt(value: JsonObject, field: string): JsonObject {
  return resolveReference(value[field]);
}

function isJson(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
