import type { FleetResult } from './measure-fleet.ts';

/** A bound, and whether the results keep it. */
export interface Bound {
  readonly text: string;
  readonly holds: boolean;
}

/** Latency of a call by name in the largest fleet, divided by that in the smallest. */
const maxGrowth = 1.5;
/** Latency of a list of the largest fleet. */
const maxListMs = 2000;

/** Checks the bounds for a growing fleet. @param isQuick leaves out the bounds of latencies */
export function checkBounds(results: readonly FleetResult[], isQuick: boolean): readonly Bound[] {
  const [smallest, largest] = [results[0], results.at(-1)];
  if (!smallest || !largest) return [];
  const counts = [...new Set(results.map(({ connections }) => connections))];
  const same = {
    text: `connections of an API process to Redis: ${counts.join(', ')} (the same for each size)`,
    holds: counts.length === 1,
  };
  if (isQuick) return [same];
  const grown = (['inspect', 'exec'] as const).map(call => {
    const growth = largest[call].p50Ms / smallest[call].p50Ms;
    const text = `median of ${call} at ${largest.nodes} nodes against that at ${smallest.nodes}: ${growth.toFixed(2)} times (at most ${maxGrowth})`;
    return { text, holds: growth <= maxGrowth };
  });
  const listMs = Math.round(largest.list.p50Ms);
  const inTime = { text: `a full list of ${largest.nodes} nodes: ${listMs} ms (less than ${maxListMs})`, holds: listMs < maxListMs };
  return [same, ...grown, inTime];
}
