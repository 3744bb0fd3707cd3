import { ApiError, type ErrorDetail } from '@podman-api/errors';
import { fieldsOf, type Operation, suggestField, validateInput, validationError } from '@podman-api/operations';
import type { KoaContext } from '../context.ts';
import { readBody } from './body.ts';
import { callbackField, callbackUrlLocation } from './callback-url.ts';

/** The fields of a request. */
export interface RequestInput {
  /** The validated input of the operation. */
  readonly input: object;
  /** The field `callback_url`, unchecked; `undefined` if there is none. */
  readonly callbackUrl: unknown;
}

/**
 * Reads an operation's input from the path parameters, the query, the headers and the body.
 * @param path the path's parameters
 * @param given the query
 * @param maxBytes the largest body
 * @throws ApiError (400) that lists all errors
 */
export async function readInput(
  ctx: KoaContext,
  operation: Operation,
  path: Readonly<Record<string, string>>,
  given: KoaContext['query'],
  maxBytes: number,
): Promise<RequestInput> {
  // The body of an upload is bytes for the worker.
  const bodyFields = operation.upload ? [] : Object.entries(await readBody(ctx, maxBytes));
  const queryFields = Object.entries(given);
  const location = callbackUrlLocation(operation);
  const [, callbackUrl] =
    (location === 'body' ? bodyFields : location === 'query' ? queryFields : []).find(([name]) => name === callbackField) ?? [];
  const body = bodyFields.filter(([name]) => name !== callbackField || location !== 'body');
  const query = queryFields.filter(([name]) => name !== callbackField || location !== 'query');
  const headers = Object.entries(operation.headers ?? {});
  const misplaced: ErrorDetail[] = [
    ...query
      .filter(([name]) => !operation.query.includes(name) && !operation.headers?.[name])
      .map(([name]) => misplacedInQuery(name, operation, path)),
    ...body.filter(([name]) => Object.hasOwn(path, name)).map(([name]) => fault(name, 'belongs in the path, not in the body')),
    ...[...body, ...query]
      .filter(([name]) => operation.headers?.[name] !== undefined)
      .map(([name]) => fault(name, `belongs in the header ${operation.headers?.[name]}`)),
    ...body
      .filter(([name]) => operation.query.includes(name))
      .map(([name]) => fault(name, `belongs in the query (?${name}=...), not in the body`)),
  ];
  const refused = new Set(misplaced.map(detail => detail.path));
  const rest = Object.fromEntries([...body, ...query].filter(([name]) => !refused.has(name)));
  const sent = headers.map(([name, header]) => [name, ctx.get(header)] as const).filter(([, value]) => value !== '');
  const fromHeaders = Object.fromEntries(sent.map(([name, value]) => [name, parseHeader(operation, name, value)]));
  const input = { ...rest, ...fromHeaders, ...path };
  try {
    const checked = validateInput(operation, input);
    if (misplaced.length === 0) return { input: checked, callbackUrl };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw validationError([...misplaced, ...(error.fields.details ?? [])]);
  }
  throw validationError(misplaced);
}

/** Returns the value of a header. An object is sent as JSON; a string that is not JSON is returned unchanged, and the schema refuses it. */
function parseHeader({ input }: Operation, name: string, value: string): unknown {
  if (input.extract(name).type !== 'object') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function misplacedInQuery(name: string, { input, query }: Operation, path: object): ErrorDetail {
  const isOfBody = fieldsOf(input).includes(name) && !Object.hasOwn(path, name);
  if (isOfBody) return fault(name, 'belongs in the JSON body, not in the query');
  const suggestion = suggestField(name, [...query, 'node']);
  return fault(name, `is not a query parameter of this route${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`);
}

function fault(path: string, what: string): ErrorDetail {
  return { path, message: `${path} ${what}` };
}
