import { describe, expect, it } from 'vitest';
import { parseIgnorePatterns } from '../src/tar/ignore-patterns.ts';

describe('parseIgnorePatterns', () => {
  it.each([
    ['*.log', ['a.log', 'b.log/c'], ['a/b.log', 'a.log2', 'alog']],
    ['**/*.log', ['a.log', 'a/b/c.log'], ['a.txt']],
    ['/build/', ['build', 'build/a/b'], ['a/build', 'build2']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a/c']],
    ['a/*/c', ['a/b/c', 'a/x/c/d'], ['a/c', 'a/b/b/c']],
    ['te?t.[ch]', ['test.c', 'text.h'], ['tet.c', 'test.cc']],
    ['./x/../y', ['y'], ['x']],
    ['# y\n\n  z  ', ['z'], ['y', '# y']],
    ['*\n!keep\n!dir/keep', ['a', 'dir', 'dir/other'], ['keep', 'keep/below', 'dir/keep']],
    ['!a\na', ['a'], []],
    ['a+b(c).{d}\\*', ['a+b(c).{d}*'], ['aab(c).{d}*', 'a+b(c).{d}x']],
  ])('reads %j as Docker does', (text, excluded, included) => {
    const { isExcluded } = parseIgnorePatterns(text);
    expect([...excluded, ...included].filter(isExcluded)).toEqual(excluded);
  });

  it('says whether a pattern includes something again', () => {
    expect(parseIgnorePatterns('a\n!b').hasExceptions).toBe(true);
    expect(parseIgnorePatterns('a\nb!').hasExceptions).toBe(false);
  });

  it('refuses a pattern that cannot be read', () => {
    expect(() => parseIgnorePatterns('[z-a]')).toThrow('has the pattern "[z-a]"');
  });
});
