import { errorTypes, isErrorType } from '@podman-api/errors';
import { listOf, type Operation, shape } from '@podman-api/operations';
import type { ObjectSchema, Schema } from 'joi';
import Joi from 'joi';
import { callbackField, callbackUrlLocation } from '../request/callback-url.ts';
import { errorShape, successOfJob } from '../response/shapes.ts';
import { exampleJob, job, jobReference } from '../routes/jobs/shapes.ts';
import type { FailedNode } from '../routes/operations/several-nodes.ts';
import { streamTypes, writeExample } from '../routes/operations/stream-events.ts';
import { isTransfer } from '../routes/operations/transfer.ts';
import { connectionQuery } from '../terminals/handle.ts';
import { failureStatuses, failuresOf } from './failures.ts';
import { headersOf, type ResponseHeader, requestHeader } from './headers.ts';
import { camelCase, pascalCase, pathParameters, withScope } from './names.ts';
import { type Components, hoistSchema, type JsonObject, jsonSchema } from './schema.ts';

const timestamp = '2026-01-05T09:30:02.096Z';
const responseFields = { job_id: exampleJob.id, timestamp };

/** Schema of an entry of `failed` in a response from several nodes. */
const failedNode = shape<FailedNode>('FailedNode', {
  node: Joi.string(),
  job_id: Joi.string().optional().description('Its job; absent if none could be added.'),
  error: errorShape(Object.keys(errorTypes).filter(isErrorType)),
});

/** Describes an operation for the document. */
export function describeOperation(operation: Operation, components: Components): JsonObject {
  const hasKey = operation.method !== 'GET' && !isTransfer(operation);
  const isRanged = operation.headers?.['range'] !== undefined;
  const failures = failureStatuses.filter(status => (hasKey || status !== 422) && (isRanged || status !== 416));
  const [noun = ''] = operation.name.split('.');
  return {
    operationId: camelCase(operation.name),
    summary: operation.summary,
    description: withScope(operation.description, operation.scope),
    tags: [`${noun}s`],
    security: [{ bearer: [operation.scope] }],
    parameters: [
      ...parametersOf(operation, components),
      ...(operation.reach === 'new' || operation.reach === 'nodes' ? [] : [nodeParameter(operation)]),
      ...(operation.isWebSocket ? queryParameters(connectionQuery, components) : [requestHeader('Prefer')]),
      ...(callbackUrlLocation(operation) === 'query' ? [{ name: callbackField, in: 'query', ...callbackSchema }] : []),
      ...(hasKey ? [requestHeader('IdempotencyKey')] : []),
      requestHeader('RequestId'),
    ],
    ...bodyOf(operation, components),
    responses: { ...responsesOf(operation, components), ...failuresOf(failures) },
  };
}

const callbackSchema = {
  description:
    'A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.',
  schema: { type: 'string', format: 'uri', maxLength: 2048 },
};

/** The input's fields as JSON schemas. */
function fieldsOf({ input }: Operation, components: Components) {
  const { properties = {}, required = [] }: { properties?: Record<string, JsonObject>; required?: readonly string[] } = jsonSchema(
    input,
    components,
  );
  return { properties, required };
}

function parametersOf(operation: Operation, components: Components): readonly JsonObject[] {
  const { properties, required } = fieldsOf(operation, components);
  const example: JsonObject = { ...operation.example.input };
  const inPath = pathParameters(operation.path);
  return Object.entries(properties)
    .filter(([name]) => inPath.includes(name) || isElsewhere(operation, name))
    .map(([name, { description, ...schema }]) => {
      const header = operation.headers?.[name];
      // An object is sent as JSON.
      const sent = schema['type'] === 'object' ? { type: 'string' } : schema;
      if (header !== undefined) return { name: header, in: 'header', ...(description !== undefined && { description }), schema: sent };
      return inPath.includes(name)
        ? {
            name,
            in: 'path',
            required: true,
            description: description ?? 'A name, an id, or a unique prefix of an id.',
            schema,
            example: example[name],
          }
        : {
            name,
            in: 'query',
            ...(required.includes(name) && { required: true }),
            ...(description !== undefined && { description }),
            schema,
            ...(example[name] !== undefined && { example: example[name] }),
          };
    });
}

/** Returns the parameters of the connection of a WebSocket. */
function queryParameters(schema: ObjectSchema, components: Components): readonly JsonObject[] {
  const { properties = {} }: { properties?: Record<string, JsonObject> } = jsonSchema(schema, components);
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({ name, in: 'query', description, schema: rest }));
}

/** Whether a field of the input is in the query or a header. */
function isElsewhere({ query, headers }: Operation, name: string): boolean {
  return query.includes(name) || headers?.[name] !== undefined;
}

function nodeParameter({ reach }: Operation): JsonObject {
  const kind = typeof reach === 'object' ? reach.kind : 'container';
  const description = reach === 'all' ? 'Queries only this node.' : `The node of the ${kind}, if several nodes have one with this name.`;
  return { name: 'node', in: 'query', description, schema: { type: 'string' } };
}

function bodyOf(operation: Operation, components: Components): JsonObject {
  if (operation.upload) return uploadOf(operation.upload);
  const { properties, required } = fieldsOf(operation, components);
  const elsewhere = [...pathParameters(operation.path), ...operation.query, ...Object.keys(operation.headers ?? {})];
  const own = <Value>(fields: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !elsewhere.includes(name)));
  if (callbackUrlLocation(operation) !== 'body') return {};
  const { schema: callback, description } = callbackSchema;
  const fields = { ...own(properties), [callbackField]: { ...callback, description } };
  const needed = required.filter(name => name in fields);
  const schema = { type: 'object', properties: fields, required: needed, additionalProperties: false };
  const reference = hoistSchema(`${pascalCase(operation.name)}Request`, schema, components);
  return {
    requestBody: {
      required: needed.length > 0,
      content: { 'application/json': { schema: reference, example: own({ ...operation.example.input }) } },
    },
  };
}

function uploadOf({ type }: NonNullable<Operation['upload']>): JsonObject {
  return { requestBody: { required: true, content: bytesOf(type) } };
}

/** Returns the content of a body of bytes. Only a body of any type has an example: an archive would not be readable. */
function bytesOf(type: string): JsonObject {
  const example = type === 'application/octet-stream' ? { example: 'hello\n' } : {};
  return { [type]: { schema: { type: 'string', format: 'binary' }, ...example } };
}

const downloadDescriptions = {
  200: 'The bytes.',
  206: 'The bytes of the range.',
  304: 'The file has not changed; the caller has the current version.',
} as const;

function downloadOf({ type, statuses }: NonNullable<Operation['download']>): JsonObject {
  const content = bytesOf(type);
  return Object.fromEntries(
    statuses.map(status => [
      status,
      { description: downloadDescriptions[status], headers: headersOf(['Preference-Applied']), ...(status !== 304 && { content }) },
    ]),
  );
}

/** Returns the media types of the stream that an operation can become. */
function streamContentOf({ stream }: Operation): JsonObject {
  if (!stream) return {};
  const content = (type: string) => ({ schema: { type: 'string' }, example: writeExample(stream, type) });
  return Object.fromEntries(streamTypes(stream).map(type => [type, content(type)]));
}

function responsesOf(operation: Operation, components: Components): JsonObject {
  if (operation.download) return downloadOf(operation.download);
  if (operation.isWebSocket) return { 101: { description: 'A WebSocket; its messages report the events of the terminal.' } };
  const { noun, results, example, status, location, reach, stream } = operation;
  const extraFields = reach === 'all' ? ofAll() : {};
  const fieldsFor = (result: Schema) => (reach === 'nodes' ? ofOneOrSeveral(noun, result) : { [noun]: result, ...extraFields });
  const own = Object.entries(results).map(([code, result]) => {
    const hasLocation = Number(code) === 201 && location !== undefined;
    const shownResult = Number(code) === status ? example.result : example.dryRunResult;
    const shown = shownResult && {
      success: true,
      [noun]: shownResult,
      ...(reach === 'all' && { unreachable: [] }),
      ...responseFields,
    };
    return [
      code,
      toResponse(
        fieldsFor(result),
        Number(code) === status ? (stream?.description ?? 'Success.') : 'A dry run: nothing was created.',
        shown,
        hasLocation ? ['Location'] : [],
        components,
        streamContentOf(operation),
      ),
    ];
  });
  const accepted = {
    success: true,
    job: { ...exampleJob, operation: operation.name, status: 'queued', started_at: null },
    ...responseFields,
  };
  const acceptedDescription = 'The job was accepted, for `Prefer: respond-async`.';
  return {
    ...Object.fromEntries(own),
    202: toResponse(reach === 'nodes' ? jobsOfOneOrSeveral : { job: acceptedJob }, acceptedDescription, accepted, ['Location'], components),
  };
}

const acceptedJob = Joi.alternatives(job, jobReference);

/** Fields of a 202 for one node, or for several as the request wanted. */
const jobsOfOneOrSeveral = {
  job: acceptedJob.optional().description('The job, if the request was for one node.'),
  jobs: listOf(job).optional().description('A job for each node, if the request was for several nodes.'),
  failed: listOf(failedNode).optional().description('Nodes without a job, if the request was for several nodes.'),
  job_id: Joi.string().optional().description('Id of the job, if the request was for one node.'),
};

/** Returns the fields of a response from one node, or from several as the request wanted. */
function ofOneOrSeveral(noun: string, result: Schema): Readonly<Record<string, Schema>> {
  return {
    [noun]: result.optional().description('The result, if the request was for one node.'),
    [`${noun}s`]: listOf(result).optional().description('The results, if the request was for several nodes.'),
    failed: listOf(failedNode).optional().description('Nodes without a result, if the request was for several nodes.'),
    job_id: Joi.string().optional().description('Id of the job, if the request was for one node; several nodes have a job each.'),
  };
}

/** Returns the further fields of a list of all nodes. */
function ofAll(): Readonly<Record<string, Schema>> {
  return {
    unreachable: listOf(Joi.string()).description('Nodes that did not answer in time.'),
    job_id: Joi.string().optional().description('Id of the job, if one node was asked; several nodes have a job each.'),
  };
}

function toResponse(
  fields: Readonly<Record<string, Schema>>,
  description: string,
  example: JsonObject | undefined,
  headers: readonly ResponseHeader[],
  components: Components,
  otherContent: JsonObject = {},
): JsonObject {
  const schema = jsonSchema(successOfJob(fields), components);
  return {
    description,
    headers: headersOf(['Preference-Applied', ...headers]),
    content: { 'application/json': { schema, ...(example && { example }) }, ...otherContent },
  };
}
