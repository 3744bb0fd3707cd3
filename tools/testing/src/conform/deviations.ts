import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { document, findOperation, objectAt, resolveReference } from './document.ts';

/** A response as it was received. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false });
addFormats.default(ajv);
// Keywords of OpenAPI that do not affect validation.
ajv.addVocabulary(['example', 'components', 'info', 'openapi', 'paths', 'security', 'servers', 'tags']);
ajv.addSchema(document, 'api');

const validators = new Map<string, ValidateFunction>();

/** Compares a response with the document. @returns one sentence for each deviation */
export function findDeviations(method: string, path: string, received: ReceivedResponse): readonly string[] {
  const operation = findOperation(method, path);
  const reference = operation ? operation.responses[received.status] : findErrorResponse(received.status);
  if (reference === undefined) return [`the status ${received.status} is not in the document`];
  const response = resolveReference(reference);
  return [
    ...findBodyDeviations(objectAt(response, 'content'), received),
    ...findHeaderDeviations(objectAt(response, 'headers'), received.headers),
  ];
}

/** Finds the response of a request without a route: an error. That of a wrong method (405) is not in the document. */
function findErrorResponse(status: number): object | undefined {
  const all = Object.entries(objectAt(objectAt(document, 'components'), 'responses'));
  const [, found] = all.find(([, response]) => JSON.stringify(response).includes(`"code":${status}`)) ?? [];
  if (status === 405)
    return { content: { 'application/json': { schema: { type: 'object', required: ['success', 'error', 'timestamp'] } } } };
  return found === undefined ? undefined : resolveReference(found);
}

function findBodyDeviations(content: object, { headers, body }: ReceivedResponse): readonly string[] {
  const type = (headers.get('Content-Type') ?? '').split(';')[0] ?? '';
  const media = Object.entries(content).find(([known]) => known === type)?.[1];
  if (media === undefined) return [`the Content-Type is ${type || 'missing'}, not ${Object.keys(content).join(' or ')}`];
  return findValueDeviations('body', objectAt(resolveReference(media), 'schema'), body);
}

function findHeaderDeviations(described: Readonly<Record<string, unknown>>, headers: Headers): readonly string[] {
  const known = Object.keys(objectAt(objectAt(document, 'components'), 'headers'));
  const undocumented = known.filter(name => headers.has(name) && !(name in described)).map(name => `${name} is not in the document`);
  const wrong = Object.entries(described).flatMap(([name, reference]) => {
    const { required = false, schema } = resolveReference(reference);
    const text = headers.get(name);
    if (text === null) return required ? [`${name} is missing`] : [];
    const isInteger = resolveReference(schema)['type'] === 'integer';
    return findValueDeviations(name, resolveReference(schema), isInteger ? Number(text) : text);
  });
  return [...undocumented, ...wrong];
}

function findValueDeviations(name: string, schema: object, value: unknown): readonly string[] {
  const text = JSON.stringify(schema);
  // Makes references absolute, so that they point into the document from any schema.
  const validate = validators.get(text) ?? ajv.compile(JSON.parse(text.replaceAll('"#/components/', '"api#/components/')));
  validators.set(text, validate);
  return validate(value) ? [] : (validate.errors ?? []).map(error => `${name}${formatError(error)}`);
}

function formatError({ instancePath, message = 'is wrong', params }: ErrorObject): string {
  return `${instancePath.replaceAll('/', '.')} ${message} ${JSON.stringify(params)}`;
}
