import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/cli/exit-codes.ts';

const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

test('the table of exit codes says what the code says', () => {
  const [, table] = /<!-- exit codes.*-->\n([\s\S]*?)\n<!-- \/exit codes -->/.exec(text) ?? [];
  const rows = Object.values(exitCodes).map(({ code, about }) => `| ${code} | ${about} |`);
  expect(table).toBe(['| code | |', '|---|---|', ...rows].join('\n'));
});

test('no exit code stands for two things', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter(code => code <= 127 || code > 254)).toEqual([]);
});
