import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPodman } from '../../src/index.ts';

describe('Podman.files', () => {
  it('keeps the compiled code of its helper in NODE_COMPILE_CACHE', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-helper-'));
    const cache = join(folder, 'cache');
    vi.stubEnv('NODE_COMPILE_CACHE', cache);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    });
    const { files } = createPodman({ limit: 1 });
    const source = { kind: 'folder', path: folder, mounts: [] } as const;
    await files(source, { verb: 'stat', path: '/' }, { signal: new AbortController().signal });
    expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(1);
  });
});
