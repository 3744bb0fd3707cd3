import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** Options of a run. Times are in ms. */
export interface ChaosOptions {
  /** Reproduces the plan of load and faults. */
  readonly seed: number;
  /** Duration of load and faults. */
  readonly durationMs: number;
  /** Number of concurrent callers. */
  readonly callers: number;
  /** Time between the starts of two faults. */
  readonly delayRangeMs: { readonly min: number; readonly max: number };
  /** Longest freeze of a process; at least one second. */
  readonly maxFreezeMs: number;
  /** A file for the figures, as JSON. */
  readonly json: string | undefined;
  /** Whether to keep the folder with logs and journal even after a successful run. */
  readonly keep: boolean;
}

/** Output of `npm run chaos -- --help`. */
export const usage = `npm run chaos -- [--seed N] [--minutes M] [--quick] [--json FILE] [--keep]

  --seed N      reproduces the plan of load and faults; default: random, and printed
  --minutes M   duration of load and faults; default: 2
  --quick       about 15 s of load and short faults, for npm run test:all
  --json FILE   writes the figures there
  --keep        keeps logs, responses and observed state even after a successful run
`;

/** @throws Error for an unknown option */
export function readOptions(args: readonly string[]): ChaosOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const seed = values.seed === undefined ? randomInt(2 ** 31) : parseNumber('seed', values.seed);
  const rest = { seed, callers: 14, json: values.json, keep: values.keep };
  if (values.quick) return { ...rest, durationMs: 15_000, delayRangeMs: { min: 1000, max: 2000 }, maxFreezeMs: 4000 };
  const durationMs = parseNumber('minutes', values.minutes ?? '2') * 60_000;
  return { ...rest, durationMs, delayRangeMs: { min: 2000, max: 6000 }, maxFreezeMs: 20_000 };
}

function parseNumber(name: string, value: string): number {
  const number = Number(value);
  if (value === '' || !(number >= 0)) throw new Error(`--${name} must be a number, not "${value}"`);
  return number;
}
