import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClaimRecord, openClaimStore as openStore } from '../../src/pools/claim-store.ts';
import { openStoreId } from '../../src/pools/store-id.ts';

const id = '0123456789ab';
const record: ClaimRecord = {
  kind: 'claim',
  id: id.padEnd(64, '0'),
  job: 'a_1',
  name: 'web',
  formerName: 'pool-p-1',
  isNamed: false,
  labels: { team: 'ci' },
  expiresAtMs: null,
};
const errors: string[] = [];
const log = { error: (_fields: object, message: string) => void errors.push(message) };
const openClaimStore = (path: string) => openStore(path, log);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claims-'));
});
afterEach(() => {
  errors.length = 0;
  rmSync(folder, { recursive: true });
});

describe('openClaimStore', () => {
  it('gives a container to one of several workers', async () => {
    const [first, second] = [openClaimStore(folder), openClaimStore(folder)];
    expect(await first.take(id, record)).toBe(true);
    expect([await second.take(id, { ...record, job: 'a_2' }), await second.take(id, { kind: 'removal' })]).toEqual([false, false]);
    expect(second.read(id)).toEqual(record);
  });

  it('gives a container to one of several jobs at the same time', async () => {
    const stores = [openClaimStore(folder), openClaimStore(folder)];
    const jobs = Array.from({ length: 20 }, (_, index) => ({ ...record, job: `a_${index}` }));
    const taken = await Promise.all(jobs.flatMap(job => stores.map(store => store.take(id, job))));
    expect(taken.filter(isTaken => isTaken)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([id]);
  });

  it('reads the claims of workers that have exited', async () => {
    await openClaimStore(folder).take(id, record);
    const store = openClaimStore(folder);
    expect([store.findByJob('a_1'), store.findUnnamed('web'), store.listUnnamed()]).toEqual([record, record, [record]]);
    expect(store.findByJob('a_2')).toBeUndefined();
  });

  it('reports to other workers that podman has the public name', async () => {
    const [first, second] = [openClaimStore(folder), openClaimStore(folder)];
    await first.take(id, record);
    expect(second.findUnnamed('web')).toEqual(record);
    await first.setName(id, 'web');
    expect(second.findUnnamed('web')).toBeUndefined();
    expect(second.read(id)).toMatchObject({ isNamed: true, name: 'web' });
  });

  it('keeps recent records of containers that are not listed', async () => {
    const store = openClaimStore(folder);
    await store.take(id, record);
    store.keepOnly(new Set());
    expect(store.read(id)).toEqual(record);
  });

  it('deletes old records of containers that are not listed, and old drafts of workers that were killed', async () => {
    const store = openClaimStore(folder);
    await store.take(id, record);
    writeFileSync(join(folder, `.${id}.old`), '');
    writeFileSync(join(folder, `.${id}.recent`), '');
    for (const file of [id, `.${id}.old`]) utimesSync(join(folder, file), 0, 0);
    store.keepOnly(new Set());
    expect([store.read(id), readdirSync(folder)]).toEqual([undefined, [`.${id}.recent`]]);
  });

  it.each([
    ['empty', ''],
    ['cut off', '{"kind":"cla'],
    ['of zeros', '\0'.repeat(40)],
    ['another JSON text', 'null'],
  ])('reads a record that is %s as the claim of an unknown job, and the others unchanged', async (_case, text) => {
    const other = 'ba9876543210';
    const store = openClaimStore(folder);
    await store.take(other, record);
    writeFileSync(join(folder, id), text);
    const restarted = openClaimStore(folder);
    expect(restarted.read(id)).toMatchObject({ kind: 'claim', job: 'unknown', isNamed: true });
    expect([restarted.read(other), restarted.findByJob('a_1'), restarted.listUnnamed()]).toEqual([record, record, [record]]);
    expect(await restarted.take(id, { kind: 'removal' })).toBe(false);
    expect(errors).toEqual([expect.stringContaining(`the pool container ${id}`)]);
  });
});

describe('openStoreId', () => {
  it('creates one id for all workers of a node, which remains', async () => {
    const path = join(folder, 'state', 'id');
    expect(openStoreId(path).read()).toBeUndefined();
    const ids = await Promise.all([openStoreId(path).ensure(), openStoreId(path).ensure()]);
    expect(new Set([...ids, openStoreId(path).read()]).size).toBe(1);
    expect(readdirSync(join(folder, 'state'))).toEqual(['id']);
  });

  it('does not replace an id that is damaged', async () => {
    const path = join(folder, 'id');
    writeFileSync(path, '');
    await expect(openStoreId(path).ensure()).rejects.toThrow('is damaged: remove it');
  });
});
