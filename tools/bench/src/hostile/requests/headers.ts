import { hostileText } from '@podman-api/testing/hostile';
import fc, { type Arbitrary } from 'fast-check';

type Header = readonly [string, string];

/** Characters that a header can contain without ending; Node.js itself refuses all others. */
const hostileValue = hostileText.map(text => text.replace(/(?!\t)\p{Cc}/gu, '').slice(0, 2000));

const known: readonly (readonly [string, readonly [string, ...string[]]])[] = [
  ['Prefer', ['wait=1', 'respond-async', 'wait=-1', 'wait=1e9', 'wait=999999999, respond-async', ',,,=', 'wait=";"']],
  ['Idempotency-Key', ['one', 'two', '', '__proto__', 'x'.repeat(255), 'x'.repeat(256), 'é', ' ']],
  ['X-Request-Id', ['a', '../../x', 'x'.repeat(200), '{"a":1}', '__proto__']],
  ['Accept', ['*/*', 'text/plain', 'application/x-ndjson', 'text/event-stream', 'image/png', ';;;', 'a/b;q=NaN', '*/*;q=-1']],
  ['Last-Event-ID', ['1', '-1', '999999999999999', '1e9', 'x', '9007199254740993']],
  ['Authorization', ['Bearer x', 'Basic !!!', 'Bearer', `Bearer ${'x'.repeat(4000)}`, 'constructor']],
  ['Host', ['evil.example', '', 'localhost:1', '127.0.0.1:99999', '[::1', 'a b', '@', '127.0.0.1, evil']],
  ['Origin', ['http://evil.example', 'null', 'file://', 'http://127.0.0.1', 'x'.repeat(1000)]],
  ['Sec-Fetch-Site', ['cross-site', 'same-origin', 'none', 'nonsense']],
  ['Access-Control-Request-Method', ['POST', 'nonsense']],
  ['X-Forwarded-For', ['1.2.3.4', '::1', "'; --"]],
  ['X-HTTP-Method-Override', ['DELETE']],
  ['Expect', ['100-continue']],
  ['Upgrade', ['websocket', 'h2c']],
  ['Range', ['bytes=0-0']],
  ['If-None-Match', ['*']],
  ['Cookie', ['a=b; __proto__=c']],
];
const header: Arbitrary<Header> = fc
  .constantFrom(...known)
  .chain(([name, values]) => fc.oneof(fc.constantFrom(...values), hostileValue).map((value): Header => [name, value]));

/** Any number of headers, most of which the API reads. */
export const hostileHeaders: Arbitrary<readonly Header[]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(header, { minLength: 1, maxLength: 3 }) },
);

/** Content types of a body, most of which are wrong. */
export const contentTypes: Arbitrary<Header> = fc
  .oneof(
    fc.constantFrom('application/json', 'application/problem+json', 'application/json; charset=utf-8', 'application/json;charset=utf-16'),
    fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '', ';', 'json', 'a/b;c="'),
    hostileValue,
  )
  .map((type): Header => ['Content-Type', type]);
