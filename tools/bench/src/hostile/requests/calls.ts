import { type Operation, operations } from '@podman-api/operations';
import { type HostileRoute, hostileInputs, hostileRoutes, hostileText } from '@podman-api/testing/hostile';
import fc, { type Arbitrary } from 'fast-check';
import { hostileArchive } from './archives.ts';
import { hostileBody } from './bodies.ts';
import { contentTypes, hostileHeaders } from './headers.ts';
import { type HostileRequest, type Parts, requestOf } from './request.ts';

const json = ['Content-Type', 'application/json'] as const;
/** The parameter of a path; paths have at most one. */
const pathParameter = /:\w+/;
const framing = fc.oneof(
  { weight: 12, arbitrary: fc.constant('length' as const) },
  { weight: 4, arbitrary: fc.constant('chunked' as const) },
  { weight: 1, arbitrary: fc.constantFrom('none' as const, 'too-long' as const) },
);

/** Calls of an operation with an input for it, each field in its own place. */
function callOf(operation: Operation): Arbitrary<HostileRequest> {
  const inputs = hostileInputs[operation.name];
  if (!inputs) throw new Error(`there are no hostile inputs for ${operation.name}`);
  return fc.tuple(inputs, hostileHeaders, framing).map(([input, headers, framing]) => {
    return jsonRequest(`call ${operation.name}`, { ...operation, path: `/api/v1${operation.path}` }, input, headers, framing);
  });
}

/** Uploads of archives, with a query for the operation. */
function uploadOf(operation: Operation): Arbitrary<HostileRequest> {
  const inputs = hostileInputs[operation.name];
  if (!inputs) throw new Error(`there are no hostile inputs for ${operation.name}`);
  return fc.tuple(inputs, hostileHeaders, framing, hostileArchive).map(([input, headers, framing, body]) => {
    const { target } = placeInput({ ...operation, path: `/api/v1${operation.path}` }, input);
    return requestOf({ kind: `upload ${operation.name}`, method: operation.method, target, headers, framing, body });
  });
}

/** Requests to a route that is not an operation. */
function routeCallOf(route: HostileRoute): Arbitrary<HostileRequest> {
  return fc
    .tuple(route.inputs, hostileHeaders, framing)
    .map(([input, headers, framing]) => jsonRequest(`call ${route.method} ${route.path}`, route, input, headers, framing));
}

type Destination = Pick<HostileRoute, 'method' | 'path' | 'query'>;

function jsonRequest(
  kind: string,
  destination: Destination,
  input: object,
  headers: readonly (readonly [string, string])[],
  framing: Parts['framing'] = 'length',
): HostileRequest {
  const { method } = destination;
  const { target, body } = placeInput(destination, input);
  const parts: Parts = { kind, method, target, headers };
  if (method !== 'POST' && Object.keys(body).length === 0) return requestOf(parts);
  return requestOf({ ...parts, headers: [...headers, json], framing, body: Buffer.from(JSON.stringify(body)) });
}

/** The same routes with an invalid body, or a wrong content type. */
function invalidCallOf(operation: Operation): Arbitrary<HostileRequest> {
  const named = fc.oneof(
    fc.constant('web'),
    hostileText.map(text => encode(text).slice(0, 2000)),
  );
  return fc
    .tuple(named, hostileBody, hostileHeaders, fc.oneof(fc.constant(json), contentTypes), framing)
    .map(([name, body, headers, type, framing]) => {
      const target = `/api/v1${operation.path.replace(pathParameter, () => name)}`;
      return requestOf({ kind: 'body', method: operation.method, target, headers: [...headers, type], framing, body });
    });
}

/** Requests to all routes; a stream without an end has no response to examine. */
export const calls: Arbitrary<HostileRequest> = fc.oneof(
  ...operations.map(callOf),
  ...operations.filter(({ upload }) => upload?.type === 'application/x-tar').map(uploadOf),
  ...hostileRoutes.filter(({ isEndless }) => !isEndless).map(routeCallOf),
);
/** Requests to the routes of operations with an invalid body. */
export const invalidCalls: Arbitrary<HostileRequest> = fc.oneof(...operations.map(invalidCallOf));

/** Puts each field of an input into the path, the query or the body. */
function placeInput({ path, query }: Destination, input: object): { target: string; body: object } {
  const fields = Object.entries(input);
  const inPath = fields.find(([name]) => path.split('/').includes(`:${name}`));
  const inQuery = fields.filter(([name]) => query.includes(name));
  const body = Object.fromEntries(fields.filter(entry => entry !== inPath && !inQuery.includes(entry)));
  const rest = inQuery.map(([name, value]) => `${name}=${encode(value)}`).join('&');
  return { target: `${path.replace(pathParameter, () => encode(inPath?.[1]).slice(0, 8000))}${rest && `?${rest}`}`, body };
}

function encode(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A placeholder, which is later replaced by the id of a recent job.
  return text === '{job}' ? text : encodeURIComponent(text.toWellFormed());
}
