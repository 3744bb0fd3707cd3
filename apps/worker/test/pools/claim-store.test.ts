import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClaimRecord, openClaimStore } from '../../src/pools/claim-store.ts';

const id = '0123456789ab';
const record: ClaimRecord = {
  kind: 'claim',
  id: id.padEnd(64, '0'),
  job: 'a_1',
  name: 'web',
  formerName: 'pool-p-1',
  isNamed: false,
  labels: { team: 'ci' },
  expires: null,
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claims-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('openClaimStore', () => {
  it('gives a container to one of several workers', () => {
    const [first, second] = [openClaimStore(folder), openClaimStore(folder)];
    expect([first.take(id, record), second.take(id, { ...record, job: 'a_2' }), second.take(id, { kind: 'removal' })]).toEqual([
      true,
      false,
      false,
    ]);
    expect(second.read(id)).toEqual(record);
  });

  it('has the claims of workers that have exited', () => {
    openClaimStore(folder).take(id, record);
    const store = openClaimStore(folder);
    expect([store.findByJob('a_1'), store.findUnnamed('web'), store.unnamed()]).toEqual([record, record, [record]]);
    expect(store.findByJob('a_2')).toBeUndefined();
  });

  it('shows other workers when podman has the public name', () => {
    const [first, second] = [openClaimStore(folder), openClaimStore(folder)];
    first.take(id, record);
    expect(second.findUnnamed('web')).toEqual(record);
    first.setName(id, 'web');
    expect(second.findUnnamed('web')).toBeUndefined();
    expect(second.read(id)).toMatchObject({ isNamed: true, name: 'web' });
  });

  it('keeps recent records of containers that are not listed', () => {
    const store = openClaimStore(folder);
    store.take(id, record);
    store.keepOnly(new Set());
    expect(store.read(id)).toEqual(record);
  });
});
