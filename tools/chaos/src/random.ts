/** Pseudo-random numbers that are reproduced by a seed. */
export interface Random {
  /** A number from `min` up to but not including `max`. */
  between(min: number, max: number): number;
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number;
  /** Returns true with this probability. */
  chance(probability: number): boolean;
  pick<const Value>(values: readonly [Value, ...Value[]]): Value;
  shuffle<Value>(values: readonly Value[]): Value[];
  /** Returns an independent generator: its numbers depend only on the seed and the label, not on what was drawn before. */
  fork(label: string): Random;
}

/** Random numbers by Tommy Ettinger's mulberry32: 32 bits of state, good enough for a plan, and only a few lines long. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    between: (min, max) => min + next() * (max - min),
    whole,
    chance: probability => next() < probability,
    pick: values => values[whole(0, values.length - 1)] ?? values[0],
    shuffle: values =>
      values
        .map(value => ({ value, place: next() }))
        .sort((one, other) => one.place - other.place)
        .map(({ value }) => value),
    fork: label => createRandom(hash(`${seed} ${label}`)),
  };
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
