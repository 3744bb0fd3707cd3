import fc, { type Arbitrary } from 'fast-check';
import type { HostileRequest } from './request.ts';

const line = 'GET /api/v1/health HTTP/1.1\r\n';
const host = 'Host: 127.0.0.1\r\nConnection: close\r\n';
const post = `POST /api/v1/containers HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;

/** Bytes that are not HTTP, malformed HTTP, and requests that smuggle in another one. */
const texts = [
  '\r\n',
  '\r\n\r\n\r\n',
  'GET',
  'GET / HTTP/0.9\r\n\r\n',
  'GET /\r\n',
  `GET / HTTP/9.9\r\n${host}\r\n`,
  `GET / HTTP/1.1x\r\n${host}\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '{"a":1}',
  '\0\0\0\0',
  'QUIT\r\n',
  `get / HTTP/1.1\r\n${host}\r\n`,
  `GET  / HTTP/1.1\r\n${host}\r\n`,
  `GET /api/v1/he alth HTTP/1.1\r\n${host}\r\n`,
  `GET /\0 HTTP/1.1\r\n${host}\r\n`,
  `\tGET / HTTP/1.1\r\n${host}\r\n`,
  'GET /api/v1/health HTTP/1.1\r\nConnection: close\r\n\r\n',
  `${line}${host}Host: evil.example\r\n\r\n`,
  `${line}${host.replaceAll('\r', '')}\n`,
  `${line}${host}No colon\r\n\r\n`,
  `${line}${host}: empty\r\n\r\n`,
  `${line}${host}A: b\r\n folded: c\r\n\r\n`,
  `${line}${host}A: b\0c\r\n\r\n`,
  `${line}${host}A : b\r\n\r\n`,
  `${line}${host}${'X: y\r\n'.repeat(5000)}\r\n`,
  `${line}${host}X: ${'y'.repeat(100_000)}\r\n\r\n`,
  `${post}Content-Length: -1\r\n\r\n{}`,
  `${post}Content-Length: 1e3\r\n\r\n{}`,
  `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`,
  `${post}Content-Length: 99999999999999999999\r\n\r\n{}`,
  `${post}Content-Length: 9007199254740993\r\n\r\n{}`,
  `${post}Content-Length: 300000\r\n\r\n{}`,
  `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: gzip\r\n\r\n{}`,
  `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n5\r\n{"na`,
  `${post}Content-Length: 20\r\n\r\n{"name":`,
  `${line}Host: 127.0.0.1\r\n\r\n${line}${host}\r\n`,
  `${post}Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}`,
  `${post}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`,
  `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`,
  `CONNECT / HTTP/1.1\r\n${host}\r\n`,
  `${line}Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
  `TRACE / HTTP/1.1\r\n${host}\r\n`,
  `GET http://[ HTTP/1.1\r\n${host}\r\n`,
  `GET http://%/ HTTP/1.1\r\n${host}\r\n`,
] as const;

const raw: Arbitrary<Buffer> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...texts).map(text => Buffer.from(text, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map(bytes => Buffer.from(bytes)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...texts), fc.nat(400))
      .map(([text, at]) => Buffer.from(text.slice(0, at) + text.slice(at + 1), 'latin1')),
  },
);

/** Always followed by the end of the connection, because many of them are incomplete. */
export const malformed: Arbitrary<HostileRequest> = raw.map(bytes => ({ kind: 'malformed', isIncomplete: true, encode: () => bytes }));
