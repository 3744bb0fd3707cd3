import { ApiError } from '@podman-api/errors';
import parseJson from 'secure-json-parse';
import type { Context } from '../context.ts';
import { checkExtent } from './json-extent.ts';
import { readBytes } from './read-bytes.ts';

/**
 * Reads the request's body: a JSON object in UTF-8, or nothing.
 * @param limit in bytes
 * @throws ApiError (415, 413, 503 or 400)
 */
export async function readBody(ctx: Context, limit: number): Promise<object> {
  if (ctx.request.length === 0 || !hasBody(ctx)) return {};
  const encoding = ctx.get('Content-Encoding') || 'identity';
  if (encoding !== 'identity' || ctx.is('json', '+json') === false || !/^utf-?8$/i.test(ctx.request.charset || 'utf-8')) {
    throw new ApiError('UnsupportedMediaTypeError', 'Send the body as JSON in UTF-8, not compressed: "Content-Type: application/json".');
  }
  const bytes = await read(ctx, limit);
  return bytes.length === 0 ? {} : parseObject(bytes);
}

/** RFC 9112, section 6.3: a request has a body where one of these headers says so. */
function hasBody(ctx: Context): boolean {
  return ctx.get('Transfer-Encoding') !== '' || ctx.get('Content-Length') !== '';
}

async function read(ctx: Context, limit: number): Promise<Buffer> {
  try {
    return await readBytes(ctx.req, limit);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // What is left of the body would be read as the next request.
    ctx.set('Connection', 'close');
    throw new ApiError('ValidationError', 'The body ended before its time.', {}, { cause: error });
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
    return parseJson(text, isWhole(text) ? undefined : refuseHalves);
  } catch {
    throw noJson();
  }
}

/** Whether no escape in it can be half a character (RFC 8259, section 8.2), which reaches no container as it was sent. */
function isWhole(text: string): boolean {
  return !/\\u[dD][89a-fA-F]/.test(text);
}

function refuseHalves(key: string, value: unknown): unknown {
  if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) throw noJson();
  return value;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw noJson();
  }
}

function noJson(): ApiError {
  return new ApiError('ValidationError', 'The body is not valid JSON in UTF-8, or has a field named __proto__.');
}
