import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { Host } from './process.ts';
import { verbOf, watched } from './watch.ts';

/**
 * Has the kernel end podman when this process dies, however it dies: podman itself would notice no sooner than at its
 * next line (setpriv(1), PR_SET_PDEATHSIG(2const)).
 */
const dieTogether = ['setpriv', '--pdeathsig=KILL', '--'] as const;

/** See `Podman.follow`. */
export async function follow(host: Host, args: readonly string[], take: (line: string) => void, signal: AbortSignal): Promise<void> {
  const runAny = async () => {
    const started = await run(host, [...dieTogether, host.binary, ...args], take, signal);
    if (!started) await run(host, [host.binary, ...args], take, signal);
  };
  await watched(host.watch, { verb: verbOf(args), inSession: false }, runAny, () => null);
}

/** @returns whether there is such a program */
async function run({ env, cwd }: Host, [program = '', ...args]: readonly string[], take: (line: string) => void, signal: AbortSignal) {
  const subprocess = execa(program, args, {
    buffer: false,
    reject: false,
    detached: true,
    extendEnv: false,
    env,
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'ignore'],
    cancelSignal: signal,
  });
  createInterface({ input: subprocess.stdout }).on('line', take);
  const { code } = await subprocess;
  return code !== 'ENOENT';
}
