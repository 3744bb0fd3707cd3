import type { ContainerClaim, KnownContainer } from '@podman-api/operations';
import { createLog } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';
import type { ClaimRecord, ClaimStore } from '../../src/pools/claim-store.ts';
import { IdleContainers } from '../../src/pools/idle-containers.ts';

const log = (await createLog('test', false)).child({}, { level: 'silent' });

function memoryStore(records: Map<string, ClaimRecord> = new Map()): ClaimStore {
  return {
    take: async (id, record) => !records.has(id) && records.set(id, record).size > 0,
    read: id => records.get(id),
    listUnnamed: () => [],
    findByJob: () => undefined,
    findUnnamed: () => undefined,
    setName: async () => {},
    keepOnly: () => {},
  };
}

/** Returns an id in the form of a job id of a node. */
const jobOf = (node: string) => `${node}_${'1'.repeat(28)}`;

function knownEntry(id: string, pool: string, changes: Partial<KnownContainer> = {}): [string, KnownContainer] {
  const idle = { pool, revision: 'r1', generation: 'g', store: 's', job: jobOf('a'), fullId: id.padEnd(64, '0'), createdAtMs: 1 };
  const one = { id, name: `pool-${pool}-${id}`, expiresAtMs: undefined, allocation: undefined, isShortened: false, hasHealthCheck: false };
  return [id, { ...one, status: 'running', exitCode: null, idle, ...changes }];
}

const request = { pool: 'p', revision: 'r1', name: undefined, job: 'a_1', labels: {}, expiresAtMs: null };
const ids = ['111111111111', '222222222222'] as const;

function createIdle(claims: ClaimStore, take: Partial<{ renamed: ContainerClaim[]; adopted: string[] }> = {}) {
  const renamer = {
    add: (claim: ContainerClaim) => void take.renamed?.push(claim),
    addAbandoned: () => {},
    renameNow: async () => '',
    stop: () => {},
  };
  const sessions = { adopt: (id: string, name: string) => void take.adopted?.push(`${id} ${name}`) };
  return new IdleContainers({
    claims,
    storeId: { read: () => 's' },
    node: 'a',
    generation: 'g',
    renamer,
    sessions,
    onClaimed: () => {},
    log,
  });
}

describe('IdleContainers', () => {
  it('gives each container away once', async () => {
    const idle = createIdle(memoryStore());
    idle.sync(new Map([knownEntry(ids[0], 'p'), knownEntry(ids[1], 'p')]));
    const claims = await Promise.all([1, 2, 3].map(() => idle.claim(request)));
    expect(claims.map(claim => claim?.id.slice(0, 12))).toEqual([ids[0], ids[1], undefined]);
  });

  it('neither gives away nor removes a container of another node with the same podman', async () => {
    const idle = createIdle(memoryStore());
    const [id, container] = knownEntry(ids[0], 'p');
    idle.sync(new Map([[id, { ...container, idle: container.idle && { ...container.idle, job: jobOf('b') } }]]));
    expect([await idle.claim(request), idle.entries.size, idle.leftovers]).toEqual([undefined, 0, []]);
  });

  it('neither gives away nor removes a container whose claims another store has', async () => {
    const idle = createIdle(memoryStore());
    const [id, container] = knownEntry(ids[0], 'p');
    idle.sync(new Map([[id, { ...container, idle: container.idle && { ...container.idle, store: 'other' } }]]));
    expect([await idle.claim(request), idle.entries.size, idle.leftovers]).toEqual([undefined, 0, []]);
  });

  it('does not give away what another worker has claimed', async () => {
    const records = new Map<string, ClaimRecord>();
    const [one, other] = [createIdle(memoryStore(records)), createIdle(memoryStore(records))];
    const all = new Map([knownEntry(ids[0], 'p')]);
    one.sync(all);
    other.sync(all);
    expect(await one.claim(request)).toMatchObject({ id: ids[0].padEnd(64, '0') });
    expect(await other.claim(request)).toBeUndefined();
  });

  it('does not give away a container of another specification, or one that has ended or is to be removed', async () => {
    const idle = createIdle(memoryStore());
    idle.sync(new Map([knownEntry(ids[0], 'p'), knownEntry(ids[1], 'p', { status: 'exited' })]));
    expect(await idle.claim({ ...request, revision: 'r2' })).toBeUndefined();
    expect(await idle.takeForRemoval(ids[0])).toBe(true);
    expect(await idle.claim(request)).toBeUndefined();
    idle.sync(new Map([knownEntry(ids[0], 'p')]));
    expect([idle.leftovers.length, await idle.claim(request)]).toEqual([1, undefined]);
  });

  it('does not give away a container of another boot or policy', async () => {
    const idle = createIdle(memoryStore());
    const [id, container] = knownEntry(ids[0], 'p');
    idle.sync(new Map([[id, { ...container, idle: container.idle && { ...container.idle, generation: 'former' } }]]));
    expect([await idle.claim(request), idle.listOf('p', 'r1'), idle.entries.size]).toEqual([undefined, [], 1]);
  });

  it('lets commands for the public name use the open session, and renames the container in the background', async () => {
    const renamed: ContainerClaim[] = [];
    const adopted: string[] = [];
    const idle = createIdle(memoryStore(), { renamed, adopted });
    idle.sync(new Map([knownEntry(ids[0], 'p')]));
    expect(idle.poolOf(`pool-p-${ids[0]}`)).toBe('p');
    expect(await idle.claim({ ...request, name: 'web' })).toMatchObject({ name: 'web', formerName: `pool-p-${ids[0]}`, isNamed: false });
    expect([renamed.map(({ name }) => name), adopted]).toEqual([['web'], [`${ids[0].padEnd(64, '0')} web`]]);
    expect(idle.poolOf(ids[0])).toBeUndefined();
  });

  it('gives nothing away if the claim cannot be recorded', async () => {
    const store = {
      ...memoryStore(),
      take: async () => {
        throw new Error('ENOSPC: no space left on device');
      },
    };
    const idle = createIdle(store);
    idle.sync(new Map([knownEntry(ids[0], 'p')]));
    expect(await idle.claim(request)).toBeUndefined();
  });
});
