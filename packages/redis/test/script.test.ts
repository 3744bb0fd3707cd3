import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../src/script.ts';

describe('parseAnswer', () => {
  it('returns an answer that the script can give, and refuses another one', () => {
    expect(parseAnswer('full', ['written', 'full'])).toBe('full');
    expect(() => parseAnswer('fuller', ['written', 'full'])).toThrow('A Redis script returned "fuller"; expected one of written, full');
  });
});
