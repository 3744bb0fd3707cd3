import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { formatError } from '../src/cli/errors.ts';
import { describeSystemError } from '../src/system-error.ts';

/** Returns the error of reading a file. */
function readError(path: string): unknown {
  try {
    return readFileSync(path);
  } catch (error) {
    return error;
  }
}

describe('describeSystemError', () => {
  it.each([
    ['/no/such/file', 'there is no such file or directory'],
    ['/', 'it is a directory'],
    ['/etc/hostname/x', 'a part of its path is not a directory'],
    ['/'.concat('x'.repeat(300)), 'the name is too long'],
  ])('describes why %s cannot be read', (path, expected) => {
    expect(describeSystemError(readError(path))).toBe(expected);
  });

  it('describes every system error', () => {
    for (const [code, errno] of Object.entries(constants.errno)) {
      const text = describeSystemError(Object.assign(new Error(`${code}: x`), { code, errno: -errno }));
      expect(text).toMatch(/ /);
      expect(text).not.toContain(code);
    }
  });

  it('is undefined for other errors', () => {
    expect(describeSystemError(new Error('x'))).toBeUndefined();
    expect(describeSystemError('x')).toBeUndefined();
  });
});

describe('formatError', () => {
  it('has no code of the system', () => {
    expect(formatError(readError('/no/such/file'))).toBe('The operating system reports: there is no such file or directory.');
  });
});
