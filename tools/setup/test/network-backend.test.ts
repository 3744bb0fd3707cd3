import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetworkBackend } from '../system/network-backend.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-backend-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Records the choice of podman's first command. */
function record(backend: string): void {
  writeFileSync(join(folder, 'defaultNetworkBackend'), backend);
}

function writeSettings(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('readNetworkBackend', () => {
  it('is netavark for a podman that has not run yet', () => {
    expect(readNetworkBackend(4, [], folder)).toBe('netavark');
    expect(readNetworkBackend(undefined, [], join(folder, 'missing'))).toBe('netavark');
  });

  it('is what a podman 4 has recorded', () => {
    record('cni');
    expect(readNetworkBackend(4, [], folder)).toBe('cni');
    record('netavark');
    expect(readNetworkBackend(4, [], folder)).toBe('netavark');
  });

  it('is netavark for podman 5, which has no CNI', () => {
    record('cni');
    expect(readNetworkBackend(5, [], folder)).toBe('netavark');
  });

  it('is that of the last settings that name one, before what is recorded', () => {
    record('netavark');
    const files = [
      writeSettings('first.conf', '[network]\nnetwork_backend = "netavark"\n'),
      writeSettings('second.conf', '[network]\nnetwork_backend = "cni"\n'),
      writeSettings('third.conf', '[network]\n#network_backend = "netavark"\n'),
    ];
    expect(readNetworkBackend(4, files, folder)).toBe('cni');
  });
});
