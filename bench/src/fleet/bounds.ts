import type { Row } from './plan.ts';

/** What must hold, and whether it did. */
export interface Bound {
  readonly text: string;
  readonly holds: boolean;
}

/** Of the latency of a call by name at the largest fleet, against that at the smallest. */
const mostGrowth = 1.5;
/** A list of the largest fleet, in ms. */
const longestList = 2000;

/** What must hold of a fleet that grows; it is `quick` where times are not to be judged. */
export function boundsOf(rows: readonly Row[], quick: boolean): readonly Bound[] {
  const [smallest, largest] = [rows[0], rows.at(-1)];
  if (!smallest || !largest) return [];
  const counts = [...new Set(rows.map(({ connections }) => connections))];
  const same = {
    text: `connections of an API process to Redis: ${counts.join(', ')} (the same for each size)`,
    holds: counts.length === 1,
  };
  if (quick) return [same];
  const grown = (['inspect', 'exec'] as const).map(call => {
    const growth = largest[call].p50 / smallest[call].p50;
    const text = `median of ${call} at ${largest.nodes} nodes against that at ${smallest.nodes}: ${growth.toFixed(2)} times (at most ${mostGrowth})`;
    return { text, holds: growth <= mostGrowth };
  });
  const list = Math.round(largest.list.p50);
  const inTime = { text: `a full list of ${largest.nodes} nodes: ${list} ms (less than ${longestList})`, holds: list < longestList };
  return [same, ...grown, inTime];
}
