import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openRenewalStore } from '../src/containers/renewals.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openRenewalStore', () => {
  it('ignores a file that is empty after a power loss', () => {
    const renewals = openRenewalStore(folder);
    renewals.set('0123456789ab', 1_000_000, 1);
    expect(renewals.get('0123456789ab')).toBe(1_000_000);
    for (const left of ['', '\0\0\0\0']) {
      writeFileSync(join(folder, '0123456789ab'), left);
      expect(renewals.get('0123456789ab')).toBeUndefined();
      expect(renewals.read('0123456789ab')).toBeUndefined();
    }
  });

  it('ignores a renewal that was requested before the last one, and one that is replayed', () => {
    const renewals = openRenewalStore(folder);
    const id = 'ba9876543210';
    expect(renewals.set(id, 1_000_000, 10)).toBe(1_000_000);
    expect(renewals.set(id, 500_000, 20)).toBe(500_000);
    for (const requestedAtMs of [5, 10, 20]) expect(renewals.set(id, 2_000_000, requestedAtMs)).toBe(500_000);
    expect(renewals.read(id)).toBe(500_000);
    expect(renewals.set(id, 3_000_000, 21)).toBe(3_000_000);
  });
});
