import { ApiError } from '@podman-api/errors';
import parseJson from 'secure-json-parse';
import type { KoaContext } from '../context.ts';
import { findJsonFault } from './find-json-fault.ts';
import { checkExtent } from './json-extent.ts';
import { readBytes } from './read-bytes.ts';

/**
 * Reads the request's body: a JSON object in UTF-8; `{}` if there is none.
 * @throws ApiError (415, 413, 503 or 400)
 */
export async function readBody(ctx: KoaContext, maxBytes: number): Promise<object> {
  if (ctx.request.length === 0 || !hasBody(ctx)) return {};
  const encoding = ctx.get('Content-Encoding') || 'identity';
  if (encoding !== 'identity' || ctx.is('json', '+json') === false || !/^utf-?8$/i.test(ctx.request.charset || 'utf-8')) {
    throw new ApiError('UnsupportedMediaTypeError', 'Send the body as uncompressed JSON in UTF-8: "Content-Type: application/json".');
  }
  const bytes = await read(ctx, maxBytes);
  return bytes.length === 0 ? {} : parseObject(bytes);
}

/** Returns whether a request has a body (RFC 9112, section 6.3). */
function hasBody(ctx: KoaContext): boolean {
  return ctx.get('Transfer-Encoding') !== '' || ctx.get('Content-Length') !== '';
}

async function read(ctx: KoaContext, maxBytes: number): Promise<Buffer> {
  try {
    return await readBytes(ctx.req, maxBytes);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // The rest of the body would be read as the next request.
    ctx.set('Connection', 'close');
    throw new ApiError('ValidationError', 'The request body ended before all of it was received; send it again.', {}, { cause: error });
  }
}

function parseObject(bytes: Buffer): object {
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('ValidationError', 'The body must be a JSON object.');
  }
  return value;
}

function parse(bytes: Buffer): unknown {
  const text = decode(bytes);
  checkExtent(text);
  try {
    return parseJson(text, hasNoSurrogateEscapes(text) ? undefined : rejectUnpairedSurrogates);
  } catch (error) {
    throw error instanceof ApiError ? error : jsonError(text);
  }
}

/** Returns whether a string has no escaped surrogates (RFC 8259, section 8.2): an unpaired one cannot be encoded as UTF-8. */
function hasNoSurrogateEscapes(text: string): boolean {
  return !/\\u[dD][89a-fA-F]/.test(text);
}

function rejectUnpairedSurrogates(key: string, value: unknown): unknown {
  if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) {
    throw invalidBody('has an unpaired surrogate, such as "\\ud83d" alone: send complete characters');
  }
  return value;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidBody('is not valid UTF-8');
  }
}

/** Creates the error for a string that is not JSON, or has a key that would change the prototype of the parsed object. */
function jsonError(text: string): ApiError {
  const fault = findJsonFault(text);
  if (fault) {
    const what = fault.isEnd ? 'it ends too early' : 'unexpected character';
    return invalidBody(`is not valid JSON: ${what} at line ${fault.line}, column ${fault.column}`);
  }
  const name = hasProto(text) ? '__proto__' : 'constructor.prototype';
  return invalidBody(`must not have a field named ${name}`);
}

function hasProto(text: string): boolean {
  try {
    parseJson(text, undefined, { constructorAction: 'ignore' });
    return false;
  } catch {
    return true;
  }
}

function invalidBody(what: string): ApiError {
  return new ApiError('ValidationError', `The body ${what}.`);
}
