import { type Operation, operations } from '@podman-api/operations';
import { hostileInputs, hostileText } from '@podman-api/testing/hostile';
import fc, { type Arbitrary } from 'fast-check';
import { hostileBody } from './bodies.ts';
import { contentTypes, hostileHeaders } from './headers.ts';
import { type HostileRequest, type Parts, requestOf } from './request.ts';

const json = ['Content-Type', 'application/json'] as const;
/** The parameter of a path; paths of operations have at most one. */
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
    const { target, body } = placed(operation, input);
    const parts: Parts = { kind: `call ${operation.name}`, method: operation.method, target, headers };
    if (operation.method !== 'POST' && Object.keys(body).length === 0) return requestOf(parts);
    return requestOf({ ...parts, headers: [...headers, json], framing, body: Buffer.from(JSON.stringify(body)) });
  });
}

/** The same routes with an invalid body, or a wrong content type. */
function invalidCallOf(operation: Operation): Arbitrary<HostileRequest> {
  const named = fc.oneof(
    fc.constant('web'),
    hostileText.map(text => encoded(text).slice(0, 2000)),
  );
  return fc
    .tuple(named, hostileBody, hostileHeaders, fc.oneof(fc.constant(json), contentTypes), framing)
    .map(([name, body, headers, type, framing]) => {
      const target = `/api/v1${operation.path.replace(pathParameter, () => name)}`;
      return requestOf({ kind: 'body', method: operation.method, target, headers: [...headers, type], framing, body });
    });
}

/** Requests to the routes of operations. */
export const calls: Arbitrary<HostileRequest> = fc.oneof(...operations.map(callOf));
export const invalidCalls: Arbitrary<HostileRequest> = fc.oneof(...operations.map(invalidCallOf));

function placed({ path, query }: Operation, input: object): { target: string; body: object } {
  const fields = Object.entries(input);
  const inPath = fields.find(([name]) => path.split('/').includes(`:${name}`));
  const inQuery = fields.filter(([name]) => query.includes(name));
  const body = Object.fromEntries(fields.filter(entry => entry !== inPath && !inQuery.includes(entry)));
  const rest = inQuery.map(([name, value]) => `${name}=${encoded(value)}`).join('&');
  return { target: `/api/v1${path.replace(pathParameter, () => encoded(inPath?.[1]).slice(0, 8000))}${rest && `?${rest}`}`, body };
}

function encoded(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return encodeURIComponent(text.toWellFormed());
}
