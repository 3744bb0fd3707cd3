import pLimit from 'p-limit';
import { capture } from './capture.ts';
import { joined } from './joined.ts';
import { Keep } from './keep.ts';
import { killer } from './kill/killer.ts';
import { settle } from './kill/settle.ts';
import { mountsOf } from './mounts.ts';
import { type Host, runProcess, type Sink } from './process.ts';
import { report } from './report.ts';
import { Share } from './share.ts';
import type { CommandOptions, Podman } from './types.ts';
import { faultOf } from './words.ts';

/** How much of a plain command's stdout is read, in bytes: a list of some 20,000 containers. */
const plainLimit = 64 * 1024 ** 2;

export interface PodmanOptions {
  /** How many podman processes run at once. */
  readonly limit: number;
  /** The executable; found on the path. */
  readonly binary?: string;
  /** A `containers.conf` for podman's processes alone. */
  readonly containersConf?: string | undefined;
  /** Further variables for podman's processes. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A podman whose processes are counted. */
export interface CountedPodman extends Podman {
  /** How many podman processes are running. */
  readonly active: number;
}

/**
 * Podman is a Go program that lives for some 30 ms, of which it spends 3 or 4 collecting garbage of no account; told
 * to wait for more of it (https://go.dev/doc/gc-guide), it needs 3 MiB more (measured).
 */
const lessCollecting = { GOGC: '400' };

/** This process's environment, read once: each look at `process.env` asks the system anew. */
function ownEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return { ...lessCollecting, ...Object.fromEntries(own) };
}

/** Runs a podman process once there is room for it. */
export type Run = (args: readonly string[], options: CommandOptions, sink: Sink) => Promise<number | null>;

/** The podman command line of this host, at most `limit` processes at once. */
export function createPodman({ limit, binary = 'podman', containersConf, env = {} }: PodmanOptions): CountedPodman {
  const host: Host = {
    binary,
    env: { ...ownEnvironment(), ...(containersConf !== undefined && { CONTAINERS_CONF: containersConf }), ...env },
  };
  const room = pLimit(limit);
  const run: Run = (args, options, sink) => room(() => runProcess(host, args, options, sink));
  const shares = new Map<string, Share<string>>();

  const plain = async (args: readonly string[], options: CommandOptions = {}): Promise<string> => {
    const keep = new Keep(plainLimit);
    const exitCode = await run(args, options, keep.take);
    if (exitCode === null) options.signal?.throwIfAborted();
    if (exitCode !== 0) throw faultOf(keep.text('stderr'), args);
    return keep.text('stdout');
  };

  return {
    get active() {
      return room.activeCount;
    },
    run: plain,
    shared(args) {
      const key = args.join('\0');
      const share = shares.get(key) ?? new Share<string>();
      shares.set(key, share);
      return share.join(() => plain(args));
    },
    capture: (args, options) => capture(run, args, options),
    joined: (args, keepLimit, options = {}) => joined(run, args, keepLimit, options),
    report: (args, options = {}) => report(run, args, options),
    kill: killer(host),
    settle,
    mountsOf,
  };
}
