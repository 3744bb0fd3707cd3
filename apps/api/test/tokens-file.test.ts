import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@podman-api/operations';
import { afterAll, describe, expect, it } from 'vitest';
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
