import { startFleet, type TestFleet } from '@podman-api/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectSpread } from './fleet/spread.ts';

describe('placement', () => {
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await startFleet({ a: {}, b: {}, c: {} });
  });
  afterAll(() => fleet.stop());

  it('spreads 30 creates sent at once to two API processes', () => expectSpread(fleet, 30));
});
