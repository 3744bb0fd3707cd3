import type { JsonObject } from './schema.ts';

const header = (description: string, schema: JsonObject = { type: 'string' }) => ({ description, schema });
/** Returns a header that every response with it contains. */
const requiredHeader = (description: string, schema: JsonObject = { type: 'string' }) => ({
  ...header(description, schema),
  required: true,
});
const whole = { type: 'integer', minimum: 0 };

/** Headers of responses, as components of the document. */
export const responseHeaders = {
  'X-Request-Id': requiredHeader(
    'The id of the request: the one that was sent if it is valid, else a generated one. Logs and jobs contain it too.',
  ),
  Location: header('The path of the created resource, or of the job that continues.'),
  'Preference-Applied': header('The preferences of `Prefer` that were applied (RFC 7240).'),
  'Retry-After': requiredHeader('When to send the request again, in seconds.', whole),
  'x-should-retry': header(
    '`false`: client libraries must not retry a 408 automatically. Absent if the request itself was not received in time: nothing was done.',
    { const: 'false' },
  ),
  'WWW-Authenticate': requiredHeader('How to send a token (RFC 6750).'),
  RateLimit: header('With `RATE_LIMIT`: remaining requests, and seconds until the next window.'),
  'RateLimit-Policy': header('With `RATE_LIMIT`: allowed requests per window, and the length of the window in seconds.'),
} as const;

/** Name of a header of responses, as in `responseHeaders`. */
export type ResponseHeader = keyof typeof responseHeaders;

/** Returns references to headers of a response, including those of every response. */
export function headersOf(names: readonly ResponseHeader[]): JsonObject {
  const all: readonly ResponseHeader[] = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', ...names];
  return Object.fromEntries(all.map(name => [name, { $ref: `#/components/headers/${name}` }]));
}

const parameter = (name: string, description: string, schema: JsonObject) => ({ name, in: 'header', description, schema });

/** Headers of requests that make a job, as components of the document. */
export const requestHeaders = {
  RequestId: parameter('X-Request-Id', 'An id for the request. Default: a generated id, also if this one is invalid.', {
    type: 'string',
    pattern: '^[\\w.:-]{1,128}$',
  }),
  Prefer: parameter(
    'Prefer',
    '`respond-async` returns the job at once; `wait=N` waits at most N seconds (up to `MAX_WAIT`); with both, the request waits and returns 202 instead of 408.',
    { type: 'string' },
  ),
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'Makes a retry safe: the same key and request return the same job and response for `RESULT_TTL`; nothing runs again.',
    { type: 'string', pattern: '^[\\x20-\\x7e]{1,255}$' },
  ),
} as const;

/** Returns a reference to a header of `requestHeaders`. */
export function requestHeader(name: keyof typeof requestHeaders): JsonObject {
  return { $ref: `#/components/parameters/${name}` };
}
