import { type ApiOperation, nameOfReference, type OpenApiDocument, resolveParameter, resolveSchema, type Schema } from './document.ts';
import { pascalCase, pythonName, snakeCase } from './python-text.ts';
import type { TypeWriter } from './type-writer.ts';

/** A parameter of a method. */
export interface MethodParameter {
  /** In Python. */
  readonly name: string;
  /** On the wire. */
  readonly wireName: string;
  readonly in: 'path' | 'query' | 'header' | 'body' | 'content';
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string | undefined;
}

/**
 * Kind of a method's result: one field of a response, all fields but the general ones, nothing, a string, a stream of events or bytes.
 */
export type MethodResult =
  | { readonly kind: 'field'; readonly field: string; readonly type: string }
  | { readonly kind: 'fields'; readonly type: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'text' }
  | { readonly kind: 'events' }
  | { readonly kind: 'bytes' };

/** A method of the client. */
export interface Method {
  readonly name: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly operation: ApiOperation;
  readonly parameters: readonly MethodParameter[];
  /** Query parameters with a fixed value. */
  readonly fixedQuery: Readonly<Record<string, string>>;
  readonly result: MethodResult;
  /** Whether the request creates a job, whose result the method returns. */
  readonly isJob: boolean;
  /** Whether the request may have an Idempotency-Key. */
  readonly hasIdempotencyKey: boolean;
}

/** Fields that every response has, and that methods do not return. */
const generalFields: ReadonlySet<string> = new Set(['success', 'job_id', 'timestamp']);
/** Headers that the client itself sets. */
const clientHeaders: ReadonlySet<string> = new Set(['Prefer', 'Idempotency-Key', 'X-Request-Id']);
/** A boolean parameter of the query that selects a stream of events. */
const streamParameters: ReadonlySet<string> = new Set(['stream', 'follow']);

/**
 * Returns the methods for an operation: one, or two if a parameter such as `dry_run` or `stream` selects another result.
 * @param types collects the classes of objects that the document does not name
 */
export function describeOperation(
  document: OpenApiDocument,
  httpMethod: string,
  path: string,
  operation: ApiOperation,
  types: TypeWriter,
): readonly Method[] {
  const all = describeParameters(document, operation, types);
  const [jsonSchema, dryRunSchema] = findResultSchemas(operation);
  const mediaTypes = findMediaTypes(operation);
  const hasEvents = mediaTypes.includes('text/event-stream');
  const selector = all.find(({ wireName, in: location }) => location === 'query' && streamParameters.has(wireName));
  const hasDryRun = dryRunSchema !== undefined && all.some(({ wireName }) => wireName === 'dry_run');
  const parameters = all.filter(parameter => !(hasDryRun && parameter.wireName === 'dry_run') && !(hasEvents && parameter === selector));
  const { 200: ok, 201: created, 202: accepted } = operation.responses;
  const isJob = accepted !== undefined && (ok ?? created) !== undefined && hasParameter(document, operation, 'Prefer');
  const hasIdempotencyKey = hasParameter(document, operation, 'Idempotency-Key');
  const base = { httpMethod: httpMethod.toUpperCase(), path, operation, parameters, fixedQuery: {}, isJob, hasIdempotencyKey };
  const name = methodName(operation);

  const methods: Method[] = [];
  const className = pascalCase(operation.operationId);
  if (jsonSchema) methods.push({ ...base, name, result: describeResult(document, jsonSchema, `${className}Result`, types) });
  if (jsonSchema && hasDryRun) {
    const result = describeResult(document, dryRunSchema, `${className}DryRunResult`, types);
    methods.push({ ...base, name: `${name}_dry_run`, fixedQuery: { dry_run: 'true' }, result });
  }
  if (hasEvents) {
    const fixedQuery = selector ? { [selector.wireName]: 'true' } : {};
    methods.push({ ...base, name: jsonSchema ? `${name}_stream` : name, fixedQuery, result: { kind: 'events' }, isJob: false });
  }
  if (methods.length > 0) return methods;
  const [mediaType] = mediaTypes;
  const kind = mediaType === undefined ? 'none' : mediaType.startsWith('text/') ? 'text' : 'bytes';
  return [{ ...base, name, result: { kind }, isJob: isJob && kind === 'none' }];
}

/** Returns the name of a method: that of the operation without the noun of its tag, such as `exec` for `containerExec`. */
function methodName({ operationId, tags }: ApiOperation): string {
  const words = snakeCase(operationId).split('_');
  const noun = snakeCase(tags[0] ?? '').replace(/s$/, '');
  return pythonName(words.length > 1 && words[0] === noun ? words.slice(1).join('_') : words.join('_'));
}

function hasParameter(document: OpenApiDocument, { parameters = [] }: ApiOperation, name: string): boolean {
  return parameters.some(parameter => resolveParameter(parameter, document).name === name);
}

function describeParameters(document: OpenApiDocument, operation: ApiOperation, types: TypeWriter): readonly MethodParameter[] {
  const className = pascalCase(operation.operationId);
  const declared = (operation.parameters ?? [])
    .map(parameter => resolveParameter(parameter, document))
    .filter(({ name }) => !clientHeaders.has(name))
    .map(({ name, in: location, required = false, description, schema }) => ({
      name: pythonName(name),
      wireName: name,
      in: location,
      type: types.typeOf(schema, className + pascalCase(name), 'schemas.'),
      isRequired: required || location === 'path',
      description: description ?? schema.description,
    }));
  const parameters = [...declared, ...describeBody(document, operation, types)];
  const names = parameters.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) throw new Error(`${operation.operationId} has two parameters that are called ${duplicate} in Python.`);
  return parameters;
}

/** Returns a parameter for each field of a JSON body, or one for all of another body. */
function describeBody(
  document: OpenApiDocument,
  { operationId, requestBody }: ApiOperation,
  types: TypeWriter,
): readonly MethodParameter[] {
  if (!requestBody) return [];
  const schema = requestBody.content['application/json']?.schema;
  if (!schema) {
    const description = `The bytes, or a binary file, which is sent as it is read. Media types: ${Object.keys(requestBody.content).join(', ')}.`;
    return [{ name: 'content', wireName: '', in: 'content', type: 'Content', isRequired: requestBody.required ?? false, description }];
  }
  const { properties = {}, required = [] } = resolveSchema(schema, document);
  // If the schema refers to a component, the classes of its fields are named after the component.
  const className = schema.$ref === undefined ? `${pascalCase(operationId)}Request` : nameOfReference(schema.$ref);
  return Object.entries(properties).map(([field, fieldSchema]) => ({
    name: pythonName(field),
    wireName: field,
    in: 'body',
    type: types.typeOf(fieldSchema, className + pascalCase(field), 'schemas.'),
    isRequired: required.includes(field),
    description: fieldSchema.description,
  }));
}

/** Returns the schema of the JSON result, and that of a dry run if it differs. The results of a created resource come first. */
function findResultSchemas({ responses }: ApiOperation): readonly Schema[] {
  return ['201', '200', '202'].flatMap(status => {
    const schema = responses[status]?.content?.['application/json']?.schema;
    const isJobReference = status === '202' && (responses['200'] !== undefined || responses['201'] !== undefined);
    return schema && !isJobReference ? [schema] : [];
  });
}

/** Returns the media types of the successful response. */
function findMediaTypes({ responses }: ApiOperation): readonly string[] {
  return Object.keys((responses['200'] ?? responses['201'] ?? responses['204'])?.content ?? {});
}

function describeResult(document: OpenApiDocument, schema: Schema, className: string, types: TypeWriter): MethodResult {
  const resolved = resolveSchema(schema, document);
  const fields = Object.entries(resolved.properties ?? {}).filter(([field]) => !generalFields.has(field));
  const [only, ...others] = fields;
  // A response without general fields, such as the OpenAPI document, is returned as text.
  if (!only) return { kind: resolved.properties?.['success'] ? 'none' : 'text' };
  const isRequired = resolved.required?.includes(only[0]) ?? false;
  if (others.length === 0 && isRequired) return { kind: 'field', field: only[0], type: types.typeOf(only[1], className, 'schemas.') };
  const required = (resolved.required ?? []).filter(field => !generalFields.has(field));
  const rest = { type: 'object', properties: Object.fromEntries(fields), required };
  return { kind: 'fields', type: types.typeOf(rest, className, 'schemas.') };
}
