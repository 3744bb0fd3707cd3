import { parseArgs } from 'node:util';

/** Options of `npm run bench:fleet`. */
export interface FleetBenchOptions {
  /** Numbers of nodes. */
  readonly sizes: readonly number[];
  /** Whether to measure only briefly, to show that the benchmark works; the figures mean nothing then. */
  readonly quick: boolean;
  /** Folder for CPU profiles of the API. */
  readonly profileFolder: string | undefined;
}

/** Output of `npm run bench:fleet -- --help`. */
export const usage = `npm run bench:fleet -- [--nodes N,N,…] [--quick] [--profile FOLDER]

  --nodes N,N,…     numbers of simulated nodes, measured one after the other; default: 1,10,100,1000;
                    with the default, the table and the chart in docs/ are replaced
  --quick           a few calls of each kind, and no bounds for latencies
  --profile FOLDER  writes a CPU profile of each API process there, for Chrome's DevTools
`;

const defaultSizes = '1,10,100,1000';

/** Reads the arguments of the command. @throws Error for an unknown option or a wrong value */
export function readOptions(args: readonly string[]): FleetBenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string', default: defaultSizes },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (!/^[1-9]\d{0,3}(,[1-9]\d{0,3})*$/.test(values.nodes)) {
    throw new Error(`--nodes must be whole numbers from 1 to 9999, separated by commas, not "${values.nodes}"`);
  }
  return { sizes: values.nodes.split(',').map(Number), quick: values.quick, profileFolder: values.profile };
}

/** Returns whether a run measures everything that the docs show. */
export function isComplete({ sizes, quick, profileFolder }: FleetBenchOptions): boolean {
  return !quick && profileFolder === undefined && sizes.join(',') === defaultSizes;
}
