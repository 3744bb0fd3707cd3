import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openRenewals } from '../src/containers/renewals.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openRenewals', () => {
  it('ignores a file that a power failure has emptied', () => {
    const renewals = openRenewals(folder);
    renewals.set('0123456789ab', 1_000_000);
    expect(renewals.get('0123456789ab')).toBe(1_000_000);
    for (const left of ['', '\0\0\0\0']) {
      writeFileSync(join(folder, '0123456789ab'), left);
      expect(renewals.get('0123456789ab')).toBeUndefined();
      expect(renewals.read('0123456789ab')).toBeUndefined();
    }
  });
});
