import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describedOf, document, objectAt, resolved } from './document.ts';

/** An answer as it came. */
export interface Came {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false });
addFormats.default(ajv);
// OpenAPI's own words, which say nothing of whether a value is valid.
ajv.addVocabulary(['example', 'components', 'info', 'openapi', 'paths', 'security', 'servers', 'tags']);
ajv.addSchema(document, 'api');

const validators = new Map<string, ValidateFunction>();

/** Where an answer is not as the document says: one sentence each. */
export function deviations(method: string, path: string, came: Came): readonly string[] {
  const described = describedOf(method, path);
  const response = described ? described.responses[came.status] : ofNoRoute(came.status);
  if (response === undefined) return [`the status ${came.status} is not among its answers`];
  const told = resolved(response);
  return [...bodyDeviations(objectAt(told, 'content'), came), ...headerDeviations(objectAt(told, 'headers'), came.headers)];
}

/** Without a route there are only failures; that of a wrong method belongs to no operation of the document. */
function ofNoRoute(status: number): object | undefined {
  const all = Object.entries(objectAt(objectAt(document, 'components'), 'responses'));
  const [, found] = all.find(([, response]) => JSON.stringify(response).includes(`"code":${status}`)) ?? [];
  if (status === 405)
    return { content: { 'application/json': { schema: { type: 'object', required: ['success', 'error', 'timestamp'] } } } };
  return found === undefined ? undefined : resolved(found);
}

function bodyDeviations(content: object, { headers, body }: Came): readonly string[] {
  const type = (headers.get('Content-Type') ?? '').split(';')[0] ?? '';
  const media = Object.entries(content).find(([known]) => known === type)?.[1];
  if (media === undefined) return [`it is ${type || 'of no type'}, not ${Object.keys(content).join(' or ')}`];
  return valueDeviations('body', objectAt(resolved(media), 'schema'), body);
}

function headerDeviations(described: Readonly<Record<string, unknown>>, headers: Headers): readonly string[] {
  const known = Object.keys(objectAt(objectAt(document, 'components'), 'headers'));
  const strange = known.filter(name => headers.has(name) && !(name in described)).map(name => `${name} is there, and is not described`);
  const wrong = Object.entries(described).flatMap(([name, reference]) => {
    const { required = false, schema } = resolved(reference);
    const text = headers.get(name);
    if (text === null) return required ? [`${name} is missing`] : [];
    const whole = resolved(schema)['type'] === 'integer';
    return valueDeviations(name, resolved(schema), whole ? Number(text) : text);
  });
  return [...strange, ...wrong];
}

function valueDeviations(what: string, schema: object, value: unknown): readonly string[] {
  const text = JSON.stringify(schema);
  // References of the document mean the document, wherever they stand.
  const validate = validators.get(text) ?? ajv.compile(JSON.parse(text.replaceAll('"#/components/', '"api#/components/')));
  validators.set(text, validate);
  return validate(value) ? [] : (validate.errors ?? []).map(error => `${what}${sentence(error)}`);
}

function sentence({ instancePath, message = 'is wrong', params }: ErrorObject): string {
  return `${instancePath.replaceAll('/', '.')} ${message} ${JSON.stringify(params)}`;
}
