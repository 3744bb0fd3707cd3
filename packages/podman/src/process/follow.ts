import { createInterface } from 'node:readline';
import { verbOf } from '../podman-verb.ts';
import { type PodmanHost, spawn } from './spawn.ts';
import { runWatched } from './watch.ts';

/**
 * Has the kernel end podman when this process dies, however it dies: podman itself would not notice before it writes its
 * next line (setpriv(1), PR_SET_PDEATHSIG(2const)).
 */
const dieWithParent = ['setpriv', '--pdeathsig=KILL', '--'] as const;

/** See `Podman.follow`. */
export async function follow(host: PodmanHost, args: readonly string[], take: (line: string) => void, signal: AbortSignal): Promise<void> {
  const runAny = async () => {
    const hasStarted = await run(host, [...dieWithParent, host.binary, ...args], take, signal);
    if (!hasStarted) await run(host, [host.binary, ...args], take, signal);
  };
  await runWatched(host.watch, { verb: verbOf(args), inSession: false }, runAny, () => null);
}

/** Runs a program until it ends or the signal is aborted. @returns whether there is such a program */
async function run(
  host: PodmanHost,
  [program = '', ...args]: readonly string[],
  take: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const subprocess = spawn(host, program, args, { stdio: ['ignore', 'pipe', 'ignore'], cancelSignal: signal });
  createInterface({ input: subprocess.stdout }).on('line', take);
  const { code } = await subprocess;
  return code !== 'ENOENT';
}
