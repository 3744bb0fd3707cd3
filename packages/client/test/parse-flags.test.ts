import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/cli/errors.ts';
import { parseNumber } from '../src/cli/parse-flags.ts';

describe('parseNumber', () => {
  it.each([
    ['2', 2],
    ['0.5', 0.5],
    ['.5', 0.5],
  ])('reads %s', (text, value) => {
    expect(parseNumber(text, 'cpus')).toBe(value);
  });

  it.each(['', '.', '5.', '-1', '1e3', '.1234'])('refuses "%s"', text => {
    expect(() => parseNumber(text, 'cpus')).toThrow(UsageError);
  });
});
