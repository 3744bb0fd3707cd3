import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../src/request/find-json-fault.ts';

describe('findJsonFault', () => {
  it.each([
    ['', 1, 1, true],
    ['{', 1, 2, true],
    ['{"a"', 1, 5, true],
    ['{"a":"b', 1, 8, true],
    ['{a:1}', 1, 2, false],
    ['{"a":1,}', 1, 8, false],
    ['[1,]', 1, 4, false],
    ['[1 2]', 1, 4, false],
    ['{"a" 1}', 1, 6, false],
    ['{"a":1]', 1, 7, false],
    ['{"a":01}', 1, 7, false],
    ['{"a":.5}', 1, 6, false],
    ['{"a":NaN}', 1, 6, false],
    ['{"a":tru}', 1, 6, false],
    ['{"a":"\\x"}', 1, 7, false],
    ['{"a":"\\u00g0"}', 1, 7, false],
    ['{"a":"\t"}', 1, 7, false],
    ['{}\n{}', 2, 1, false],
    ['{\r\n "a": 1\n,\n "b" 2}', 4, 6, false],
    ['}', 1, 1, false],
  ])('returns for %j: line %i, column %i', (text, line, column, isEnd) => {
    expect(findJsonFault(text)).toEqual({ line, column, isEnd });
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('agrees with JSON.parse about every text of up to four pieces', () => {
    const pieces = ['{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-0.5e+3', '01', 'true', ' ', '\n', '\u0000'];
    let texts = [''];
    const different: string[] = [];
    for (let length = 1; length <= 4; length += 1) {
      texts = texts.flatMap(text => pieces.map(piece => text + piece));
      different.push(...texts.filter(text => (findJsonFault(text) === undefined) !== isJson(text)));
    }
    expect(different).toEqual([]);
  });

  it.each([
    ' '.repeat(5_000_000),
    '\n'.repeat(5_000_000),
    `"${'a'.repeat(5_000_000)}`,
    `"${'\\\\'.repeat(2_000_000)}`,
    '1'.repeat(5_000_000),
    '[1,'.repeat(30),
  ])('reads a long text once: %.5s', text => expect(findJsonFault(`{"a":${text}`)).toMatchObject({ isEnd: true }));
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
