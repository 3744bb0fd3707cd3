import Joi from 'joi';
import { exampleJob } from '../routes/jobs/shapes.ts';
import type { Route, RouteResponse } from '../routes/route.ts';
import { failuresOf } from './failures.ts';
import { headersOf } from './headers.ts';
import { camelCase, pascalCase, pathParameters, withScope } from './names.ts';
import { type Components, hoistSchema, type JsonObject, jsonSchema } from './schema.ts';

/** The part of a route that the document describes. */
export type Described = Omit<Route, 'handle'>;

const timestamp = '2026-01-05T09:30:02.096Z';

/** Describes a route that creates no job. */
export function describeRoute(route: Described, components: Components): JsonObject {
  const { scope, responses, failures = [] } = route;
  const [noun = ''] = route.name.split('.');
  const common = [400, ...(scope === 'none' ? [] : [401]), 403, ...failures, 429, 500, 503];
  const failureResponses = failuresOf(common.filter(status => !(status in responses)));
  return {
    operationId: camelCase(route.name),
    summary: route.summary,
    description: withScope(route.description, scope === 'none' ? undefined : scope),
    tags: [tags[noun] ?? `${noun}s`],
    security: scope === 'none' ? [] : [{ bearer: scope === undefined ? [] : [scope] }],
    parameters: parametersOf(route, components),
    ...bodyOf(route, components),
    responses: {
      ...Object.fromEntries(Object.entries(responses).map(([status, response]) => [status, describeResponse(response, components)])),
      ...failureResponses,
    },
  };
}

const tags: Readonly<Record<string, string>> = { health: 'service', metrics: 'service', document: 'service' };

/** Examples of the parameter of a path, by the noun of its routes. */
const parameterExamples: Readonly<Record<string, string>> = { job: exampleJob.id, node: exampleJob.node, pool: 'python-3' };

function parametersOf({ name: route, path, query, headers = {} }: Described, components: Components): readonly JsonObject[] {
  const { properties = {} }: { properties?: Record<string, JsonObject> } = query ? jsonSchema(query, components) : {};
  const [noun = ''] = route.split('.');
  return [
    ...pathParameters(path).map(name => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
      example: parameterExamples[noun],
    })),
    ...Object.entries(properties).map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      ...(description !== undefined && { description }),
      schema,
    })),
    ...Object.entries(headers).map(([name, description]) => ({ name, in: 'header', description, schema: { type: 'string' } })),
  ];
}

function bodyOf({ name, body }: Described, components: Components): JsonObject {
  if (!body) return {};
  const schema = hoistSchema(`${pascalCase(name)}Request`, jsonSchema(body.schema, components), components);
  return { requestBody: { required: true, content: { 'application/json': { schema, example: body.example } } } };
}

function describeResponse({ description, body, example }: RouteResponse, components: Components): JsonObject {
  return { description, headers: headersOf([]), content: contentOf(body, example, components) };
}

function contentOf(body: RouteResponse['body'], example: object | undefined, components: Components): JsonObject {
  if (Joi.isSchema(body)) {
    const schema = jsonSchema(body, components);
    return { 'application/json': { schema, ...(example && { example: { success: true, ...example, timestamp } }) } };
  }
  return Object.fromEntries(Object.entries(body).map(([type, text]) => [type, { schema: { type: 'string' }, example: text }]));
}
