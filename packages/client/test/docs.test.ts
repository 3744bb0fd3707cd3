import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../src/cli/exit-codes.ts';

const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

describe('exit codes', () => {
  it('are those of the table in docs/cli.md', () => {
    const [, table] = /<!-- exit codes.*-->\n([\s\S]*?)\n<!-- \/exit codes -->/.exec(text) ?? [];
    const rows = Object.values(exitCodes).map(({ code, description }) => `| ${code} | ${description} |`);
    expect(table).toBe(['| code | |', '|---|---|', ...rows].join('\n'));
  });

  it('differ from each other, and from those of shells', () => {
    const codes = Object.values(exitCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    // 125 is also what `docker` and `podman` exit with for a flag that they cannot follow.
    expect(codes.filter(code => code <= 127 || code > 254)).toEqual([125]);
  });
});
