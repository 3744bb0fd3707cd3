import type { Pool } from '@podman-api/cluster';
import { describe, expect, it } from 'vitest';
import type { IdleEntry } from '../../src/pools/idle-containers.ts';
import { PoolPlan } from '../../src/pools/pool-plan.ts';

const leaseState = { version: '1', isKeeper: true, isDraining: false };

function pool(name: string, size: number, changes: Partial<Pool> = {}): Pool {
  const times = { created_at: '2026-01-05T09:00:00.000Z', updated_at: '2026-01-05T09:00:00.000Z' };
  return { name, size, max_idle_seconds: null, node_selector: {}, container: {}, revision: 'r1', ...times, ...changes };
}

function entry(id: string, ofPool: string, changes: Partial<IdleEntry> = {}): IdleEntry {
  const membership = { pool: ofPool, revision: 'r1', generation: 'g', store: 's', job: 'a_1' };
  const state = { createdAtMs: Date.now(), isRunning: true, isPrepared: true };
  return { id, fullId: id.padEnd(64, '0'), name: `pool-${id}`, ...membership, ...state, ...changes };
}

/** Creates the plan of a keeper with these idle containers. */
function createPlan(pools: readonly Pool[], entries: readonly IdleEntry[] = []): PoolPlan {
  const isCurrent = ({ generation }: IdleEntry) => generation === 'g';
  const idle = {
    entries: new Map(entries.map(one => [one.id, one])),
    leftovers: [],
    isCurrent,
    listOf: (name: string, revision: string) =>
      entries.filter(one => one.pool === name && one.revision === revision && one.isRunning && isCurrent(one)),
  };
  const plan = new PoolPlan({ idle, labels: { zone: 'a' }, isPodmanWorking: () => true });
  plan.setPools(pools);
  plan.setLeaseState(leaseState, performance.now());
  return plan;
}

describe('PoolPlan', () => {
  it('creates a container for the pool that has the smallest share of its containers', () => {
    const plan = createPlan([pool('p', 4), pool('q', 2)], [entry('1', 'p'), entry('2', 'q')]);
    expect(plan.nextStep()).toMatchObject({ action: 'create', pool: { name: 'p' } });
  });

  it('has nothing to do when each pool has its containers', () => {
    expect(createPlan([pool('p', 1)], [entry('1', 'p')]).nextStep()).toBeUndefined();
  });

  it.each([
    ['has exited', entry('1', 'p', { isRunning: false })],
    ['has another specification', entry('1', 'p', { revision: 'r0' })],
    ['was created under another policy', entry('1', 'p', { generation: 'other' })],
    ['belongs to no pool of the node', entry('1', 'elsewhere')],
    ['has been idle for too long', entry('1', 'p', { createdAtMs: 0 })],
  ])('removes a container that %s', (_title, unwanted) => {
    const pools = [pool('p', 1, { max_idle_seconds: 60 }), pool('elsewhere', 1, { node_selector: { zone: 'b' } })];
    expect(createPlan(pools, [unwanted]).nextStep()).toEqual({ action: 'remove', entry: unwanted });
  });

  it('removes the containers beyond the size of the pool, and all while the node is drained', () => {
    const [first, second] = [entry('1', 'p'), entry('2', 'p')];
    const plan = createPlan([pool('p', 1)], [first, second]);
    expect(plan.nextStep()).toEqual({ action: 'remove', entry: second });
    plan.setLeaseState({ ...leaseState, isDraining: true }, performance.now());
    expect(plan.nextStep()).toEqual({ action: 'remove', entry: first });
  });

  it('does not try a failed removal again at once', () => {
    const plan = createPlan([pool('p', 0)], [entry('1', 'p')]);
    plan.recordRemoval('1', false);
    expect(plan.nextStep()).toBeUndefined();
  });

  it('delays the next container after a failure, unless the pool has changed', () => {
    const plan = createPlan([pool('p', 1)]);
    for (let index = 0; index < 20; index += 1) plan.recordFailure('p', 'no such image');
    expect(plan.nextStep()).toBeUndefined();
    expect(plan.report).toMatchObject({ p: { idle: 0, error: 'no such image' } });
    plan.setPools([pool('p', 1, { revision: 'r2' })]);
    expect(plan.nextStep()).toMatchObject({ action: 'create' });
  });

  it('only prepares containers while another worker keeps the pools', () => {
    const unprepared = entry('1', 'p', { isPrepared: false });
    const plan = createPlan([pool('p', 2)], [unprepared, entry('2', 'p', { isRunning: false })]);
    plan.setLeaseState({ ...leaseState, isKeeper: false }, performance.now());
    expect(plan.nextStep()).toEqual({ action: 'prepare', entry: unprepared });
    expect(plan.report).toEqual({});
  });

  it('does not change containers once its lease may have lapsed', () => {
    const plan = createPlan([pool('p', 1)]);
    plan.setLeaseState(leaseState, performance.now() - 10_000);
    expect(plan.nextStep()).toBeUndefined();
  });
});
