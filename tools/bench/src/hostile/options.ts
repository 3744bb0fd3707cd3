import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** How a run is done. */
export interface Options {
  /** Brings the same requests again. */
  readonly seed: number;
  readonly requests: number;
}

/** What `npm run bench:hostile -- --help` prints. */
export const usage = `npm run bench:hostile -- [--requests N] [--seed N]

  --requests N  how many requests are sent, 100000 unless told otherwise
  --seed N      brings the same requests again; without it the seed is drawn, and printed
`;

/** @throws Error for what is none of the options */
export function readOptions(args: readonly string[]): Options | 'help' {
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
