import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSecretKey } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the key that is configured is taken, and no file made', () => {
  expect(readSecretKey('configured', join(folder, 'none'))).toBe('configured');
  expect(readdirSync(folder)).toEqual([]);
});

test('without one, a key is made once, for its user alone', () => {
  const key = readSecretKey(undefined, folder);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(readSecretKey(undefined, folder)).toBe(key);
  expect(readdirSync(folder)).toEqual(['secret.key']);
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
});
