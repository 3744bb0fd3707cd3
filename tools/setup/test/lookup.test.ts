import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram, hasCniPlugin, isStatic } from '../system/lookup.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-lookup-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes an executable's header with program headers of these types, elf(5). */
function writeElf(types: readonly number[]): string {
  const elf = Buffer.alloc(64 + types.length * 56);
  elf.write('\x7fELF', 'latin1');
  elf[4] = 2; // 64 bit
  elf[5] = 1; // little endian
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(types.length, 56);
  for (const [index, type] of types.entries()) elf.writeUInt32LE(type, 64 + index * 56);
  const path = join(folder, types.join('-'));
  writeFileSync(path, elf);
  return path;
}

describe('isStatic', () => {
  it('is true for a program that needs no loader', () => {
    expect(isStatic(writeElf([1, 1, 7]))).toBe(true);
  });

  it('is false for a program with a loader', () => {
    expect(isStatic(writeElf([6, 3, 1]))).toBe(false);
  });

  it('is false for a script', () => {
    writeFileSync(join(folder, 'script'), '#!/bin/sh\n');
    expect(isStatic(join(folder, 'script'))).toBe(false);
  });
});

describe('hasCniPlugin', () => {
  it('finds a plug-in in the folders of CNI alone', () => {
    const plugin = join(folder, 'a-plug-in');
    writeFileSync(plugin, '#!/bin/sh\n', { mode: 0o755 });
    expect(hasCniPlugin('a-plug-in', [join(folder, 'missing'), folder])).toBe(true);
    expect(hasCniPlugin('sh')).toBe(false);
    expect(findProgram('sh')).toBeDefined();
  });
});
