import { findLimitsWarning } from '@podman-api/testing';
import type { Bindings } from './placeholders.ts';
import type { RecordedBody } from './steps.ts';

/** Checks of JSON values that vary, by their placeholder. */
const varyingTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  '<number>': value => typeof value === 'number',
  '<boolean>': value => typeof value === 'boolean',
  '<list>': Array.isArray,
};

/** Paths of lists that may have additional entries: other tests tag the same images. */
const extensiblePaths = /\.Repo(?:Tags|Digests)$/;

/** Paths of limits that podman sets by default, unless it supports none. */
const limitPaths = /\.PidsLimit$/;

/** Entries that only some versions of podman have: 4 lists the capabilities that it drops by default, and sets TERM without a terminal. */
const versionEntries: readonly unknown[] = ['CAP_AUDIT_WRITE', 'CAP_MKNOD', 'CAP_NET_RAW', 'TERM=xterm'];
const isInEachVersion = (entry: unknown) => !versionEntries.includes(entry);

/** Differences between a fixture and a response of the API, one sentence each. */
export type Differences = readonly string[];

/**
 * Compares a JSON value with that of a fixture: all fields of the fixture with their types and values. Ignores additional fields, as
 * clients do, the order of lists, and additional names of images.
 * @param where path of the value, with which each difference begins
 */
export function compareJson(expected: unknown, actual: unknown, bindings: Bindings, where: string): Differences {
  if (typeof expected === 'string') {
    const hasType = varyingTypes[expected];
    const isSame = hasType ? hasType(actual) : typeof actual === 'string' && bindings.match(expected, actual);
    return isSame ? [] : [`${where} is ${describe(actual)} instead of ${describe(expected)}`];
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${where} is ${describe(actual)} instead of a list`];
    const expectedEntries = expected.filter(isInEachVersion);
    const actualEntries = actual.filter(isInEachVersion);
    const hasOtherLength = expectedEntries.length !== actualEntries.length && !extensiblePaths.test(where);
    if (hasOtherLength) return [`${where} has ${actual.length} entries instead of ${expected.length}`];
    return compareEntries(expectedEntries, actualEntries, bindings, where);
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return [`${where} is ${describe(actual)} instead of an object`];
    return Object.entries(expected).flatMap(([template, value]) => {
      const name = Object.hasOwn(actual, template) ? template : Object.keys(actual).find(key => bindings.match(template, key));
      return name === undefined ? [`${where}.${template} is missing`] : compareJson(value, actual[name], bindings, `${where}.${name}`);
    });
  }
  if (limitPaths.test(where) && findLimitsWarning() !== undefined) return [];
  return Object.is(expected, actual) ? [] : [`${where} is ${describe(actual)} instead of ${describe(expected)}`];
}

/**
 * Compares a body with that of a fixture. A list at the top level, and lines, may have additional entries: those of other tests.
 * @param isCut whether the client disconnected, so that the body may be longer than that of the fixture
 */
export function compareBody(expected: RecordedBody, actual: RecordedBody, bindings: Bindings, isCut = false): Differences {
  if ('json' in expected && Array.isArray(expected.json)) {
    if (!('json' in actual && Array.isArray(actual.json))) return [`the body is ${describe(actual)} instead of a list`];
    return compareEntries(expected.json, actual.json, bindings, 'the list');
  }
  if ('lines' in expected) {
    const lines = 'lines' in actual ? actual.lines : 'json' in actual ? [actual.json] : [];
    return compareEntries(expected.lines, lines, bindings, 'the lines');
  }
  if (!isCut) return compareJson(expected, actual, bindings, 'the body');
  if ('frames' in expected && 'frames' in actual) {
    const { stdout, stderr } = expected.frames;
    const start = { stdout: actual.frames.stdout.slice(0, stdout.length), stderr: actual.frames.stderr.slice(0, stderr.length) };
    return compareJson({ stdout, stderr }, start, bindings, 'the body');
  }
  const text = 'text' in expected ? `${expected.text}<text>` : '';
  return compareJson({ text }, actual, bindings, 'the body');
}

/** Finds another entry for each one of the fixture. */
function compareEntries(expected: readonly unknown[], actual: readonly unknown[], bindings: Bindings, where: string): Differences {
  const rest = [...actual];
  return expected.flatMap(entry => {
    let best: Differences = [`${where} has no entry ${describe(entry)}`];
    for (const [index, candidate] of rest.entries()) {
      const attempt = bindings.clone();
      const differences = compareJson(entry, candidate, attempt, `${where}[${index}]`);
      if (differences.length === 0) {
        bindings.assign(attempt);
        rest.splice(index, 1);
        return [];
      }
      if (rest.length === 1) best = differences;
    }
    return best;
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
