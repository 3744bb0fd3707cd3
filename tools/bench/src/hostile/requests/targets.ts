import { hostileText } from '@podman-api/testing/hostile';
import fc, { type Arbitrary } from 'fast-check';

export const methods = fc.constantFrom(
  ...['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'MKCALENDAR', 'M-SEARCH'],
);

/** A string in the target of a request: encoded, encoded twice, encoded wrongly, or barely encoded. */
const segment: Arbitrary<string> = fc.tuple(hostileText, fc.constantFrom('encoded', 'twice', 'bare', 'percent')).map(([text, encoding]) => {
  const short = text.slice(0, 3000).toWellFormed();
  const encoded = encodeURIComponent(short);
  if (encoding === 'encoded') return encoded;
  if (encoding === 'twice') return encodeURIComponent(encoded);
  const bare = short.replace(/[\p{Cc} ]/gu, '+');
  return encoding === 'bare' ? bare : `${bare}%`;
});

const wrong = fc.constantFrom(
  '%',
  '%zz',
  '%00',
  '%ff%fe',
  '%c0%af',
  '%u0041',
  '%2e%2e',
  '..',
  '.',
  '%2F',
  '{job}',
  'web;x=1',
  '',
  '%ED%A0%80',
);
const part = fc.oneof(fc.constantFrom('web', 'containers', 'jobs', 'exec', 'logs', 'health', 'metrics', 'api', 'v1'), wrong, segment);
const base = fc.constantFrom('/api/v1', '/api/v1/containers', '/api/v1/jobs', '/API/v1', '/api/v2', '', '/api/v1/', '//', '/api//v1');
const path = fc.tuple(base, fc.array(part, { maxLength: 4 })).map(([root, parts]) => [root, ...parts].join('/'));
const strange = fc.constantFrom(
  ...[
    '*',
    '/',
    '//',
    '///x',
    '/?',
    '/#',
    'http://evil.example/api/v1/containers',
    'http://[',
    'http://a:b:c/',
    'x',
    '\\',
    '/api/v1/health#x',
  ],
  ...['http://127.0.0.1/api/v1/health', 'https://user:pass@x/api/v1/health', '//evil.example/x', '/metrics', '/api/v1/metrics', '/%'],
  `/api/v1/${'x'.repeat(9000)}`,
  `/api/v1/${'a/'.repeat(3000)}`,
  `/${'x'.repeat(20_000)}`,
  'javascript:alert(1)',
  '127.0.0.1:80',
);

const parameter = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('force', 'timeout', 'tail', 'since', 'wait', 'limit', 'cursor', 'status', 'node', 'container', '__proto__', 'a[b]'),
      segment,
    ),
    fc.oneof(fc.constantFrom('true', '1', '', '-1', '1e3', '9007199254740993', '0x10', 'all', '{job}', 'NaN', '[]'), segment),
  )
  .map(pair => pair.join('='));

/** A query, or none. */
export const query: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.array(parameter, { minLength: 1, maxLength: 4 }).map(pairs => `?${pairs.join('&')}`) },
  { weight: 1, arbitrary: fc.constantFrom('?', '?&', '?=', '?=&=&', '??', '?%', `?${'a=1&'.repeat(2000)}`, '?force=1&force=0') },
);

/** Random targets, few of which have a route. */
export const hostileTarget: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(path, query).map(parts => parts.join('')) },
  { weight: 1, arbitrary: strange },
);

/** A target of the jobs' routes. */
export const jobsTarget: Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('', '/{job}', '/{job}', '/{job}/output', '/{job}/x', '/__proto__', '/x/output'),
      segment.map(id => `/${id}`),
    ),
    fc.oneof(query, fc.constantFrom('?wait=1', '?wait=0', '?limit=500', '?limit=501', '?cursor={job}', '?status=succeeded&limit=3')),
  )
  .map(([id, rest]) => `/api/v1/jobs${id}${rest}`);
