import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { verbOf } from '../podman-verb.ts';
import { runObserved } from './command-observer.ts';
import { type PodmanHost, parentDeathPrefix, spawn } from './spawn.ts';

/** Output of a long-running podman process. */
export interface FollowedOutput {
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** See `Podman.follow`. */
export async function follow(
  host: PodmanHost,
  args: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await followStreams(
    host,
    args,
    ({ stdout, stderr }) => {
      createInterface({ input: stdout }).on('line', onLine);
      stderr.resume();
    },
    signal,
  );
}

/**
 * Runs a long-running podman process, and passes on its output as streams, from which `onStart` must read. It ends with this process.
 * @returns podman's exit code; `undefined` if it was ended by a signal, or the signal was aborted
 */
export async function followStreams(
  host: PodmanHost,
  args: readonly string[],
  onStart: (output: FollowedOutput) => void,
  signal: AbortSignal,
): Promise<number | undefined> {
  const runAny = async () => {
    const first = await run(host, [...parentDeathPrefix, host.binary, ...args], onStart, signal);
    return first === 'missing' ? run(host, [host.binary, ...args], onStart, signal) : first;
  };
  const result = await runObserved(host.onCommand, { verb: verbOf(args), isInSession: false }, runAny, () => null);
  return result === 'missing' ? undefined : result;
}

/** Runs a program until it ends or the signal is aborted. @returns its exit code, or that there is no such program */
async function run(
  host: PodmanHost,
  [program = '', ...args]: readonly string[],
  onStart: (output: FollowedOutput) => void,
  signal: AbortSignal,
): Promise<number | undefined | 'missing'> {
  const subprocess = spawn(host, program, args, { stdio: ['ignore', 'pipe', 'pipe'], cancelSignal: signal });
  onStart(subprocess);
  const { code, exitCode } = await subprocess;
  return code === 'ENOENT' ? 'missing' : exitCode;
}
