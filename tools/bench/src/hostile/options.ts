import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** Options of a run. */
export interface HostileOptions {
  /** Seed that reproduces the requests. */
  readonly seed: number;
  readonly requests: number;
}

/** Output of `npm run bench:hostile -- --help`. */
export const usage = `npm run bench:hostile -- [--requests N] [--seed N]

  --requests N  number of requests; default: 100000
  --seed N      reproduces the requests; default: random, and printed
`;

/** Parses the arguments. @throws Error for an unknown option */
export function readOptions(args: readonly string[]): HostileOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: { requests: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return 'help';
  return {
    seed: values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('seed', values.seed),
    requests: wholeNumber('requests', values.requests ?? '100000'),
  };
}

function wholeNumber(name: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new Error(`--${name} must be a whole number, not "${value}"`);
}
