import { parseArgs } from 'node:util';

/** How a run is done. */
export interface Options {
  readonly sizes: readonly number[];
  /** To see that it works, not to quote from. */
  readonly quick: boolean;
  /** Where the API's CPU profiles are written. */
  readonly profiles: string | undefined;
}

/** What `npm run bench:fleet -- --help` prints. */
export const usage = `npm run bench:fleet -- [--nodes N,N,…] [--quick] [--profile FOLDER]

  --nodes N,N,…     how many nodes are simulated, one size after the other; 1,10,100,1000 unless told otherwise,
                    and only then the table and the picture in docs/ are written anew
  --quick           a few calls of each kind, and no judgement of times
  --profile FOLDER  writes a CPU profile of each API process there, for Chrome's DevTools
`;

const all = '1,10,100,1000';

/** @throws Error for what is none of the options */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string', default: all },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (!/^[1-9]\d{0,3}(,[1-9]\d{0,3})*$/.test(values.nodes)) {
    throw new Error(`--nodes must be whole numbers from 1 to 9999, parted by commas, not "${values.nodes}"`);
  }
  return { sizes: values.nodes.split(',').map(Number), quick: values.quick, profiles: values.profile };
}

/** Whether a run is the one whose figures stand in the docs. */
export function isWhole({ sizes, quick, profiles }: Options): boolean {
  return !quick && profiles === undefined && sizes.join(',') === all;
}
