import { hostileText, hostileValue, objectNames } from '@podman-api/testing/hostile';
import fc, { type Arbitrary } from 'fast-check';

/** Deeper than any input, and than JavaScript's stack. */
const depths = [5, 33, 200, 10_000, 60_000] as const;
const json = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '');

const texts = [
  ...['', ' ', '{', '}', '{"name":}', '{"name":"web"', '[]', '[{}]', 'null', '0', '"text"', 'NaN', '{}{}', '{"a":1,}', "{'a':1}"],
  ...['{"name":"a","name":"b"}', '{"__proto__":{"x":1}}', '{"\\u005f_proto__":1}', '{"constructor":{"prototype":{"x":1}}}'],
  ...['{"cpus":1e999}', '{"cpus":-0}', '{"memory":9007199254740993}', '{"a":"\\ud800"}', '\ufeff{}', '{"a":"\u0000"}', '/**/{}'],
  ...[`{"${'k'.repeat(10_000)}":1}`, `{"a":"${'\\u0000'.repeat(1000)}"}`],
] as const;

/** A body that is not an input, or an unusual one. */
export const hostileBody: Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts).map(text => Buffer.from(text)) },
  { weight: 3, arbitrary: hostileValue.map(json) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('name', 'labels', 'environment', 'command', 'volumes', 'ports', ...objectNames), hostileValue)
      .map(entry => json(Object.fromEntries([entry]))),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: hostileText.map(text => Buffer.from(text, 'utf16le')) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...depths), fc.constantFrom('name', 'labels', 'environment', 'command')).map(createDeepBody),
  },
  { weight: 1, arbitrary: fc.constantFrom(256 * 1024, 256 * 1024 + 1, 400_000).map(size => Buffer.alloc(size, ' ')) },
  { weight: 1, arbitrary: fc.constantFrom(1000, 20_000).map(createWideBody) },
);

/** Creates nested lists or objects, in a field or as the whole body. */
function createDeepBody([depth, field]: [number, string]): Buffer {
  const [open, close] = depth % 2 === 0 ? ['[', ']'] : ['{"a":', '}'];
  const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
  return Buffer.from(depth % 5 === 0 ? `{"name":"web","${field}":${nested}}` : nested);
}

/** Creates an object with many fields. */
function createWideBody(count: number): Buffer {
  return json(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index])));
}
