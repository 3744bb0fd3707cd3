import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, readSecretKeys } from '../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [one, other] = ['1'.repeat(32), '2'.repeat(40)];
const read = (env: Record<string, string>) =>
  readSecretKeys(readConfig({ STATE_DIR: folder, ...env }, ['SECRET_KEY', 'SECRET_KEY_FILE', 'STATE_DIR']));

describe('readSecretKeys', () => {
  it('returns the configured keys and creates no file', () => {
    expect(read({ SECRET_KEY: one })).toEqual([one]);
    expect(read({ SECRET_KEY: `${one},${other}` })).toEqual([one, other]);
    expect(readdirSync(folder)).toEqual([]);
    expect(() => read({ SECRET_KEY: `${one},short` })).toThrow(/^SECRET_KEY is not allowed/);
  });

  it('reads one key per line from SECRET_KEY_FILE', () => {
    const file = join(folder, 'keys');
    writeFileSync(file, `${one}\n\n${other}\n`);
    expect(read({ SECRET_KEY_FILE: file })).toEqual([one, other]);
    writeFileSync(file, 'short\n');
    expect(() => read({ SECRET_KEY_FILE: file })).toThrow(/at least 32 characters/);
    expect(() => read({ SECRET_KEY_FILE: `${file}.none` })).toThrow(/at least 32 characters/);
  });

  it('creates a key once if none is configured, readable only by its user', () => {
    const [key] = read({});
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(read({})).toEqual([key]);
    expect(readdirSync(folder)).toEqual(['secret.key']);
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
  });
});
