import { ApiError } from '@podman-api/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { find } from '../src/container/find/index.ts';
import { operations, validateInput } from '../src/index.ts';
import { unboundedIn } from './unbounded-in.ts';

const tasks = [...operations, find].map(task => [task.name, task] as const);

/** Fields that may be as long as the request body, which MAX_BODY limits. */
const bodyFields = ['content', 'stdin'];

describe('the schemas of operations', () => {
  it.each(tasks)('bound every string, list and object: %s', (_name, { input }) => {
    expect(unboundedIn(input)).toEqual([]);
  });
});

const textLength = 500_000;
/** Longest string that a rule may scan: 128 KiB, the limit of an argument. */
const maxScannedLength = 131_072;
const longTexts = [':', 'a', '/', '*', '"', '\\', ' ', '-', '.', '$', '1', '{', 'a.', '/..', '🙂'].map(piece => piece.repeat(textLength));

describe('a string of half a million characters', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(operations.map(operation => [operation.name, operation] as const))(
    'is refused before a rule looks at it, in every field: %s',
    (_name, operation) => {
      const scannedLengths = watchScans();
      // A query is never longer than the 16 KiB of all headers.
      const others = [...operation.query, ...bodyFields];
      for (const field of Object.keys(operation.input.describe().keys ?? {}).filter(one => !others.includes(one))) {
        for (const value of longTexts.flatMap(valuesWith)) {
          const error = failureOf(() => validateInput(operation, { ...operation.example.input, [field]: value }));
          expect(JSON.stringify(error).length).toBeLessThan(20_000);
        }
      }
      expect(Math.max(...scannedLengths())).toBeLessThanOrEqual(maxScannedLength);
    },
  );

  it('is refused as a name in every field of a create', () => {
    const [create] = operations;
    if (!create) throw new Error('no operations');
    for (const field of ['environment', 'labels', 'ports', 'volumes', 'tmpfs', 'node_selector']) {
      for (const text of longTexts) {
        const error = failureOf(() => validateInput(create, { image: 'a', name: 'b', [field]: { [text]: 'x' }, [text]: 1 }));
        expect(JSON.stringify(error).length).toBeLessThan(20_000);
      }
    }
  });
});

/** A string in each place where a field may have one. */
function valuesWith(text: string): readonly unknown[] {
  return [text, [text], [[text, 1]], { a: text }, { name: { bind: text } }, { name: { bind: '/a', mode: text } }, { '80/tcp': [text, 1] }];
}

function failureOf(run: () => unknown): ApiError {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** Records the lengths of the strings that regular expressions and `split` scan. */
function watchScans(): () => readonly number[] {
  const exec = vi.spyOn(RegExp.prototype, 'exec');
  const test = vi.spyOn(RegExp.prototype, 'test');
  const split = vi.spyOn(String.prototype, 'split');
  return () => [
    0,
    ...exec.mock.calls.map(([text]) => text.length),
    ...test.mock.calls.map(([text]) => text.length),
    ...split.mock.contexts.map(text => String(text).length),
  ];
}
