import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@podman-api/operations';
import { afterAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { readTokens } from '../src/tokens/file.ts';
import { canSubmit } from '../src/tokens/watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readTokens', () => {
  it('returns undefined if there is no file', () => {
    expect(readTokens(join(folder, 'none.json'))).toBeUndefined();
    expect(readTokens(join(folder, 'no-folder', 'tokens.json'))).toBeUndefined();
  });

  it('refuses a link to a missing file, so that a lost file does not open the API', () => {
    const link = join(folder, 'link.json');
    symlinkSync(join(folder, 'lost.json'), link);
    expect(() => readTokens(link)).toThrow(/^API_TOKENS_FILE=.*cannot be read.*recreate it with "npm run token"\.$/);
    writeFileSync(join(folder, 'lost.json'), '{"tokens":[]}');
    expect(readTokens(link)).toEqual([]);
  });
});

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

describe('canSubmit', () => {
  it.each<[Scope, boolean]>([
    ['containers:read', true],
    ['containers:write', true],
    ['exec', true],
    ['admin', true],
    ['jobs', false],
    ['nodes', false],
    ['metrics', false],
  ])('returns whether a token with the scope %s can submit jobs: %s', (scope, expected) => {
    const token = { name: 'ci', hash: '', scopes: [scope], created_at: '2026-01-05T09:00:00.000Z', expires_at: null };
    expect(canSubmit(token)).toBe(expected);
  });
});
