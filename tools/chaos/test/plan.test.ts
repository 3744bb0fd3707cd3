import { describe, expect, it } from 'vitest';
import { planFaults } from '../src/faults/plan.ts';
import { planTurn } from '../src/load/plan.ts';
import { createRandom } from '../src/random.ts';

const turns = (seed: number) => {
  const random = createRandom(seed).fork('load').fork('caller 0');
  return Array.from({ length: 500 }, () => planTurn(random));
};
const options = { delayRangeMs: { min: 2000, max: 6000 }, maxFreezeMs: 20_000 };
const faults = (seed: number) => planFaults(createRandom(seed).fork('faults'), options).take(24).toArray();

describe('plan of load and faults', () => {
  it('is reproduced by its seed', () => {
    expect(turns(1)).toEqual(turns(1));
    expect(turns(1)).not.toEqual(turns(2));
    expect(faults(1)).toEqual(faults(1));
    expect(faults(1)).not.toEqual(faults(2));
  });

  it('draws its parts independently', () => {
    const random = createRandom(7);
    const before = random.fork('faults').between(0, 1);
    random.between(0, 1);
    expect(random.fork('faults').between(0, 1)).toBe(before);
    expect(random.fork('load').between(0, 1)).not.toBe(before);
  });

  it('contains every kind of load and fault', () => {
    const styles = turns(3).flatMap(turn => ('style' in turn ? [turn.style.style] : []));
    expect(new Set(styles)).toEqual(new Set(['plain', 'keyed', 'async', 'impatient', 'abandoned']));
    expect(new Set(turns(3).map(({ what }) => what))).toEqual(
      new Set(['exec', 'container', 'burst', 'run', 'upload', 'wait', 'endless wait', 'pull']),
    );
    const kinds = faults(3).map(({ fault }) => `${fault.kind} ${fault.role}`);
    expect(new Set(kinds.slice(0, 12)).size).toBe(9);
    expect(kinds.slice(0, 12).sort()).toEqual(kinds.slice(12).sort());
  });

  it('keeps pauses and freezes within their bounds', () => {
    for (const { delayMs, fault } of faults(4)) {
      expect(delayMs >= 2000 && delayMs < 6000).toBe(true);
      if (fault.kind === 'freeze') expect(fault.durationMs >= 1000 && fault.durationMs < 20_000).toBe(true);
    }
  });
});
