import fc, { type Arbitrary } from 'fast-check';

/** Properties of JavaScript's objects. */
export const objectNames = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'] as const;

/** Texts with a special meaning for podman, a shell, a file system, JavaScript or a terminal. */
const pieces = [
  ...objectNames,
  ...['-', '--', '-v', '--privileged', '--volume=/:/host', '--security-opt=label=disable', '-e', '--env-file=/etc/shadow', '--root=/x'],
  ...['=', ',', ':', ';', '|', '&', '<', '>', '*', '?', '~', '!', '@', '#', '%', '%s', '%00', '$HOME', "'", '"', '\\', ' ', '\t'],
  ...['\n', '\r', '\r\n', '\0', '\x1b[2J', '\u2028', '\u202e', '\ufeff', 'é', '漢', '💥', '\ud800', '\udfff', 'ﬀ', 'İ'],
  ...['/', '//', '.', '..', '../', '/etc/passwd', '/proc/self/fd/3', '/proc/1/root', '%2e%2e%2f', 'C:\\x'],
  ...['$(touch HOSTILE_MARK)', '`touch HOSTILE_MARK`', '; touch HOSTILE_MARK;', '../../tmp/HOSTILE_MARK', '/tmp/HOSTILE_MARK'],
  ...['docker-archive:/x', 'oci:/x', 'dir:/etc', 'containers-storage:x', 'docker://x', 'host', 'container:web', 'ns:/proc/1/ns/net'],
  ...['name:ro', ':z', ':exec,suid', 'root:x', '0:0', '\nroot:x', '{{.}}', '{{#label}}', 'null', 'NaN', '1e308', '-0', '9007199254740993'],
  ...['a', 'web', '80', '8080:80', 'true', '[]', '{}', '[object Object]'],
] as const;

/** Name of the files that appear if a hostile text was executed; callers replace it by a name of their own. */
export const markPiece = 'HOSTILE_MARK';

const piece = fc.constantFrom(...pieces);
const joined = fc.array(piece, { minLength: 1, maxLength: 6 }).map(parts => parts.join(''));
const long = fc.tuple(piece, fc.constantFrom(64, 255, 256, 4096, 70_000)).map(([text, times]) => text.repeat(times));

/** A string that is built to be misinterpreted. */
export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: piece },
  { weight: 8, arbitrary: joined },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: long },
);

const edgeNumbers = [0, -0, 1, -1, 0.5, 80, 65_535, 65_536, 2 ** 31, 2 ** 53, -(2 ** 53) - 2, 1e21, 1e308, 5e-324] as const;

/** Numbers at limits; JSON cannot represent NaN and the infinities. */
const hostileNumber = fc.oneof(fc.constantFrom<number>(...edgeNumbers), fc.integer(), fc.constantFrom(Number.NaN, Infinity, -Infinity));

/** A value of any type, also with property names or a depth that no valid input has. */
export const hostileValue: Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom(true, false, null),
  fc.array(fc.oneof(hostileText, hostileNumber), { maxLength: 4 }),
  fc.tuple(fc.oneof(fc.constantFrom(...objectNames), hostileText), hostileText).map(entry => Object.fromEntries([entry])),
  fc.constantFrom(1, 10, 500).map(depth => createNested(depth)),
);

/** Creates lists and objects that are nested in each other. */
function createNested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
