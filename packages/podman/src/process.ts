import { createReadStream, type ReadStream, type WriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { execa, type Options } from 'execa';
import { end } from './end.ts';
import { pipeWithBackpressure } from './pipe-with-backpressure.ts';
import { PodmanFault } from './podman-fault.ts';
import { scratchBytes, scratchText } from './scratch-file.ts';
import type { CommandOptions, Take } from './types.ts';
import { verbOf, type Watch, watched } from './watch.ts';

/** Which podman is run, and in what environment, which is all it gets. */
export interface Host {
  readonly binary: string;
  readonly env: Readonly<Record<string, string>>;
  /** Its working directory; conmon writes an empty file `oom` there when a command is killed for memory. */
  readonly cwd?: string | undefined;
  /** Hears of each command. */
  readonly watch?: Watch | undefined;
}

/**
 * Takes output piece by piece, or is the open file that podman writes all of it to. Where a piece is not taken at
 * once, no more of it is read until it is.
 */
export type Sink = Take | WriteStream;

const fixedOptions = {
  buffer: false,
  cleanup: false,
  detached: true,
  extendEnv: false,
  reject: false,
} as const satisfies Options;

/**
 * Runs one podman process to its end, without a shell.
 *
 * It is a process group of its own: a Ctrl-C in the terminal reaches the worker alone, which lets it end.
 * @returns podman's exit code; `null` where the signal was aborted first, unless podman had done all it was asked:
 *   a 0 of a command without `stop` (`podman exec` exits with 0 on SIGTERM and leaves the command running)
 * @throws PodmanFault where podman can't be started, the signal's reason where that was aborted before, and
 *   JobEnded (unknown) where the command could not be ended in its container
 */
export function runProcess(host: Host, args: readonly string[], options: CommandOptions, sink: Sink): Promise<number | null> {
  return watched(
    host.watch,
    { verb: verbOf(args), inSession: false },
    () => runToEnd(host, args, options, sink),
    exitCode => exitCode,
  );
}

async function runToEnd(host: Host, args: readonly string[], options: CommandOptions, sink: Sink): Promise<number | null> {
  const { signal, stop, stdin, env } = options;
  signal?.throwIfAborted();
  const input = options.stdinFile && (await scratchBytes(options.stdinFile));
  const file = options.file === undefined ? undefined : await scratchText(options.file);
  const output = typeof sink === 'function' ? 'pipe' : sink;
  const subprocess = execa(host.binary, args, {
    ...fixedOptions,
    env: { ...host.env, ...env },
    ...(host.cwd !== undefined && { cwd: host.cwd }),
    stdio: [input ? opened(input) : stdin === undefined ? 'ignore' : 'pipe', output, output, ...(file ? [opened(file)] : [])],
  });
  if (typeof sink === 'function') {
    pipeWithBackpressure(subprocess.stdout, bytes => sink('stdout', bytes));
    pipeWithBackpressure(subprocess.stderr, bytes => sink('stderr', bytes));
  }
  // Podman may end before it has read all of its stdin; its exit code tells of that.
  subprocess.stdin?.on('error', () => {}).end(stdin);

  const ended = new AbortController();
  let ending: Promise<Error | undefined> | undefined;
  const onAbort = () => {
    ending = end({ kill: name => subprocess.kill(name), ended: ended.signal }, stop).then(
      () => undefined,
      (error: Error) => error,
    );
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const { exitCode, signal: endedBy, code } = await subprocess;
  signal?.removeEventListener('abort', onAbort);
  ended.abort('ended');
  const [failure] = await Promise.all([ending, input?.close(), file?.close()]);
  if (failure) throw failure;
  if (exitCode === undefined && endedBy === undefined) throw notStarted(code);
  const done = exitCode === 0 && !stop;
  return signal?.aborted && !done ? null : (exitCode ?? null);
}

/** A file for execa to hand on as it is; nothing is read from it here. */
function opened({ fd }: FileHandle): ReadStream {
  return createReadStream('', { fd, autoClose: false });
}

function notStarted(code = ''): PodmanFault {
  if (code === 'E2BIG') {
    return new PodmanFault('other', 'ValidationError', 'The command is too long for the host: put it into a file in the container.', code);
  }
  return new PodmanFault(
    'no-podman',
    'ServiceUnavailableError',
    'Podman can not be started on the node: run "npm run doctor" there.',
    code,
  );
}
