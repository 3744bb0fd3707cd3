import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitJson } from '../src/container/logs/limit-json.ts';

const jsonBytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;
const texts = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\0', '"\\', '\x7f\x1b', 'ü€😀')))
  .map(parts => parts.join('').toWellFormed());

describe('limitJson', () => {
  it('returns a string that fits as it is', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('start' as const, 'end' as const), (text, keep) => {
        expect(limitJson(text, jsonBytes(text), keep)).toBe(text);
      }),
    );
  });

  it('returns a part that fits, of whole characters, from the end that is to be kept', () => {
    fc.assert(
      fc.property(texts, fc.nat(100), fc.constantFrom('start' as const, 'end' as const), (text, limit, keep) => {
        const part = limitJson(text, limit, keep);
        expect(jsonBytes(part)).toBeLessThanOrEqual(limit);
        expect(part.isWellFormed()).toBe(true);
        expect(keep === 'start' ? text.startsWith(part) : text.endsWith(part)).toBe(true);
      }),
    );
  });

  it('cuts between lines', () => {
    expect(limitJson('one\ntwo\nthree', 12, 'start')).toBe('one\ntwo\n');
    expect(limitJson('one\ntwo\nthree', 9, 'end')).toBe('three');
    expect(limitJson('one\0\0\0\n', 10, 'start')).toBe('one\0');
    expect(limitJson('one\0\0\0\n', 10, 'end')).toBe('\0\n');
  });
});
