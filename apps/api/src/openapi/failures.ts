import { STATUS_CODES } from 'node:http';
import { type ErrorType, errorTypes, isErrorType } from '@podman-api/errors';
import { failure } from '../response/shapes.ts';
import { errorTypeDocs } from './error-types.ts';
import { headersOf, type ResponseHeader } from './headers.ts';
import { type Components, hoistSchema, type JsonObject, jsonSchema } from './schema.ts';

const types = Object.keys(errorTypes).filter(isErrorType);

/** Every status that an error of a route has: 405 is for methods that the route does not have. */
export const failureStatuses = [...new Set(types.map(type => errorTypes[type].status))].filter(status => status !== 405);

const headers: Readonly<Record<number, readonly ResponseHeader[]>> = {
  401: ['WWW-Authenticate'],
  408: ['Location', 'x-should-retry'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Returns the name of a status, such as `NotFound` for 404. */
function nameOf(status: number): string {
  return (STATUS_CODES[status] ?? String(status)).replaceAll(' ', '');
}

/** Returns references to the responses for some error statuses. */
export function failuresOf(statuses: readonly number[]): JsonObject {
  return Object.fromEntries(statuses.map(status => [status, { $ref: `#/components/responses/${nameOf(status)}` }]));
}

/** Returns the response for each error status, as components of the document. */
export function failureResponses(components: Components): JsonObject {
  return Object.fromEntries(failureStatuses.map(status => [nameOf(status), response(status, components)]));
}

function response(status: number, components: Components): JsonObject {
  const own = types.filter(type => errorTypes[type].status === status);
  const schema = hoistSchema(`${nameOf(status)}Failure`, jsonSchema(failure(own), components), components);
  const examples = Object.fromEntries(own.map(type => [type, { value: example(type) }]));
  return {
    description: own.map(type => `\`${type}\`: ${errorTypeDocs[type].about}.`).join(' '),
    headers: headersOf(['Preference-Applied', ...(headers[status] ?? [])]),
    content: { 'application/json': { schema, examples } },
  };
}

function example(type: ErrorType): JsonObject {
  const { status } = errorTypes[type];
  const { message } = errorTypeDocs[type];
  return { success: false, error: { message, code: status, type }, timestamp: '2026-01-05T09:30:00.000Z' };
}
