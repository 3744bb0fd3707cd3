import { startFleet, type TestFleet } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkListsAfterChanges } from './lists/change-rounds.ts';

describe('GET /containers', () => {
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await startFleet({ a: {} });
  });
  afterAll(() => fleet.stop());

  it('agrees with every change in 300 rounds', async () => {
    await checkListsAfterChanges(fleet, 300);
    expect((await fleet.call('GET', '/containers')).field('containers')).toEqual([]);
  });
});
