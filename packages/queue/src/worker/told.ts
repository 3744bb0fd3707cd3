import type { WrittenEnd } from '../record/end.ts';

/** How many ends are remembered, how much of them in bytes, and for how long in ms: no failover loses what is older. */
const mostEnds = 5000;
const mostBytes = 16 * 1024 ** 2;
const memory = 300_000;

/**
 * The ends that this worker has told lately: a failover, or a kill of Redis, may lose what was acknowledged at the last
 * moment, and only who told it can tell it again.
 */
export interface Told {
  note(end: WrittenEnd): void;
  of(id: string): WrittenEnd | undefined;
  /** All of them, the oldest first. */
  readonly all: readonly WrittenEnd[];
}

export function rememberEnds(now: () => number = () => performance.now()): Told {
  const ends = new Map<string, { readonly end: WrittenEnd; readonly at: number }>();
  let bytes = 0;
  const forget = (id: string) => {
    bytes -= sizeOf(ends.get(id)?.end);
    ends.delete(id);
  };
  const tidy = () => {
    for (const [id, { at }] of ends) {
      if (ends.size <= mostEnds && bytes <= mostBytes && now() - at <= memory) return;
      forget(id);
    }
  };
  return {
    note(end) {
      forget(end.id);
      ends.set(end.id, { end, at: now() });
      bytes += sizeOf(end);
      tidy();
    },
    of(id) {
      tidy();
      return ends.get(id)?.end;
    },
    get all() {
      tidy();
      return [...ends.values()].map(({ end }) => end);
    },
  };
}

function sizeOf(end: WrittenEnd | undefined): number {
  return end?.values.reduce<number>((sum, value) => sum + String(value).length, 0) ?? 0;
}
