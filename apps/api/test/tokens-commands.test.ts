import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('createToken', () => {
  it.each([
    ['x', { scopes: 'root' }, /^--scopes must be some of/],
    ['x y', { scopes: 'exec' }, /^The name must be 1 to 64/],
    ['x', { scopes: 'exec', expires: 'soon' }, /^--expires must be/],
  ])('refuses the name %j with %j, and creates nothing', (name, options, message) => {
    const file = join(folder, 'created.json');
    expect(() => createToken(file, { write: () => {} }, name, options)).toThrow(message);
    expect(existsSync(file)).toBe(false);
  });
});
