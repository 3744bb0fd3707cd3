import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Creates a folder on this host, and removes it after the tests of the file. Call it outside of tests. */
export function createTestFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-client-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
