import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatTable } from '../src/cli/format-table.ts';
import { printable, printableJson, printableLine } from '../src/cli/printable.ts';
import { createProgress } from '../src/cli/progress.ts';
import { hostileText, isPrintable } from './hostile-text.ts';

describe('printable', () => {
  it.each([
    ['an escape sequence', '\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['a C1 control', '\x9b31m', '\\x9b31m'],
    ['NUL, backspace, return and DEL', 'a\x00\b\r\x7f', 'a\\x00\\x08\\x0d\\x7f'],
    ['bidi overrides, isolates and marks', '\u202eabc\u2066\u200f\u061c', '\\u202eabc\\u2066\\u200f\\u061c'],
    ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ])('escapes %s', (_what, text, expected) => {
    expect(printable(text)).toBe(expected);
    expect(printable(expected)).toBe(expected);
  });

  it('keeps newlines, tabs and ordinary text of any script', () => {
    const text = 'line\n\tüñ 漢字 שלום 👩‍👩‍👧 \\x1b';
    expect(printable(text)).toBe(text);
  });

  it('escapes newlines and tabs within a line', () => {
    expect(printableLine('a\n\tb\x1b')).toBe('a\\x0a\\x09b\\x1b');
  });
});

describe('printableJson', () => {
  it('escapes what JSON leaves, and parses to the same value', () => {
    const value = { [hostileText]: ['\x7f\x9b', '\u202e\u2028', { text: hostileText }] };
    const text = printableJson(value);
    expect(isPrintable(text)).toBe(true);
    expect(JSON.parse(text)).toEqual(value);
  });
});

describe('formatTable', () => {
  it('keeps a hostile cell in its row and column', () => {
    const lines = formatTable(
      ['NAME', 'IMAGE'],
      [
        [hostileText, 'x'],
        ['b', 'y'],
      ],
    ).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.every(isPrintable)).toBe(true);
    expect(lines.map(line => line.length)).toEqual([lines[0]?.length, (lines[0]?.length ?? 0) - 4, (lines[0]?.length ?? 0) - 4]);
  });
});

describe('createProgress', () => {
  it('writes a hostile text as one printable line', () => {
    let written = '';
    const stream = Object.assign(Object.create(process.stderr), {
      isTTY: true,
      columns: 500,
      write(text: string) {
        written += text;
        return true;
      },
    });
    const progress = createProgress(stream);
    progress.show(`running in ${hostileText}`);
    progress.stop();
    expect(isPrintable(written.replaceAll('\r\x1b[J', ''))).toBe(true);
    expect(written).not.toContain('\n');
    expect(written).toContain('running in ');
  });
});

describe('the command line', () => {
  it('writes only in the files that make text printable', () => {
    const folder = fileURLToPath(new URL('../src/', import.meta.url));
    const writers = globSync('**/*.ts', { cwd: folder }).filter(path =>
      /(?<!terminal|block|socket|raw)\.write\(|console\./.test(readFileSync(folder + path, 'utf8')),
    );
    expect(writers.sort()).toEqual(['cli/progress.ts', 'cli/write.ts']);
  });
});
