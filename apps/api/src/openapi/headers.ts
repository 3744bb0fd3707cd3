import type { Json } from './schema.ts';

const header = (description: string, schema: Json = { type: 'string' }) => ({ description, schema });
/** One that is there in each answer that names it. */
const fixed = (description: string, schema: Json = { type: 'string' }) => ({ ...header(description, schema), required: true });
const whole = { type: 'integer', minimum: 0 };

/** Headers of answers, as components of the document. */
export const answerHeaders = {
  'X-Request-Id': fixed('The id of the request: the one it was sent with, where that is sane. Logs and jobs have it, too.'),
  Location: header('Where what was made, or the job that goes on, can be read.'),
  'Preference-Applied': header('What of `Prefer` is honoured (RFC 7240).'),
  'Retry-After': fixed('When to send the request again, in seconds.', whole),
  'x-should-retry': fixed('`false`: a client library that retries a 408 by itself must not.', { const: 'false' }),
  'WWW-Authenticate': fixed('How to send a token (RFC 6750).'),
  RateLimit: header('Where there is a `RATE_LIMIT`: requests that are left, and seconds until they are renewed.'),
  'RateLimit-Policy': header('Where there is a `RATE_LIMIT`: how many requests may be made in how many seconds.'),
} as const;

export type AnswerHeader = keyof typeof answerHeaders;

/** Headers of an answer by their names, of those that every answer has too. */
export function headersOf(names: readonly AnswerHeader[]): Json {
  const all: readonly AnswerHeader[] = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', ...names];
  return Object.fromEntries(all.map(name => [name, { $ref: `#/components/headers/${name}` }]));
}

const parameter = (name: string, description: string, schema: Json) => ({ name, in: 'header', description, schema });

/** Headers of requests that make a job, as components of the document. */
export const requestHeaders = {
  RequestId: parameter('X-Request-Id', 'An id of your own for the request; without one, or with an odd one, it gets one.', {
    type: 'string',
    pattern: '^[\\w.:-]{1,128}$',
  }),
  Prefer: parameter(
    'Prefer',
    '`respond-async` answers at once with the job; `wait=N` waits N seconds at most (up to `MAX_WAIT`); both wait, and answer 202 instead of 408.',
    { type: 'string' },
  ),
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'Makes a retry safe: the same key and request give the same job and answer for `RESULT_TTL`, and nothing is run again.',
    { type: 'string', pattern: '^[\\x20-\\x7e]{1,255}$' },
  ),
} as const;

export function requestHeader(name: keyof typeof requestHeaders): Json {
  return { $ref: `#/components/parameters/${name}` };
}
