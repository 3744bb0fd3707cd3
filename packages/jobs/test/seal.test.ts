import { describe, expect, it } from 'vitest';
import { createSeal } from '../src/seal.ts';

const text = 'k'.repeat(32);
const key = [text] as const;

describe('createSeal', () => {
  it('opens a string only for its context and with its key', () => {
    const sealed = createSeal(key).seal(Buffer.from('pass wörd'), 'job1');
    expect(sealed.toString('latin1')).not.toContain('pass');
    expect(createSeal(key).open(sealed, 'job1').toString()).toBe('pass wörd');
    expect(() => createSeal(key).open(sealed, 'job2')).toThrow();
    expect(() => createSeal([`${text}x`]).open(sealed, 'job1')).toThrow();
  });

  it('seals pieces as if they were joined', () => {
    const seal = createSeal(key);
    const sealed = seal.sealPieces([Buffer.from('te'), Buffer.alloc(0), Buffer.from('xt')], 'job1');
    expect(sealed.length).toBe(seal.seal(Buffer.from('text'), 'job1').length);
    expect(seal.open(sealed, 'job1').toString()).toBe('text');
  });

  it('refuses a string with a changed bit', () => {
    const sealed = createSeal(key).seal(Buffer.from('text'), 'job1');
    for (const at of [0, 12, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => createSeal(key).open(changed, 'job1')).toThrow();
    }
  });

  it('seals the same text differently each time', () => {
    const seal = createSeal(key);
    expect(seal.seal(Buffer.from('text'), 'job1').equals(seal.seal(Buffer.from('text'), 'job1'))).toBe(false);
  });

  it('seals with the first of several keys, opens with all, and has a fingerprint of each', () => {
    const older = createSeal(key);
    const both = createSeal([`${text}x`, text]);
    expect(both.open(older.seal(Buffer.from('text'), 'job1'), 'job1').toString()).toBe('text');
    expect(() => older.open(both.seal(Buffer.from('text'), 'job1'), 'job1')).toThrow();
    expect(both.fingerprints('request')).toHaveLength(2);
    expect(both.fingerprints('request')).toContain(older.fingerprints('request')[0]);
  });
});
