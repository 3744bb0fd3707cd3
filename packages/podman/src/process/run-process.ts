import { createReadStream, type ReadStream, type WriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { ChunkSink } from '@podman-api/runtime';
import { PodmanFault } from '../error-patterns/podman-fault.ts';
import { verbOf } from '../podman-verb.ts';
import { runObserved } from './command-observer.ts';
import { endProcess } from './end-process.ts';
import { watchMemory } from './memory-limit.ts';
import { openScratchBytes, openScratchText } from './scratch-file.ts';
import { type PodmanHost, pipeWithBackpressure, spawn } from './spawn.ts';

/** Options of a podman command, beside its arguments. */
export interface CommandOptions {
  /** Ends the command when aborted: first by `stop` if there is one, then podman itself by signals. */
  readonly signal?: AbortSignal;
  /**
   * Ends the processes that the command started in a container; podman then ends by itself. Resolves to whether it may have ended
   * any: a command that had ended by itself keeps its exit code.
   */
  readonly stop?: () => Promise<boolean>;
  /** Written to podman's stdin, which is then closed; default: empty. */
  readonly stdin?: string | Uint8Array;
  /** Called with podman's stdin, which then stays open. */
  readonly onStdin?: (stdin: Writable) => void;
  /** Podman's stdin as a file, which it can read to the end even if the worker dies meanwhile. */
  readonly stdinFile?: Uint8Array;
  /** Text that podman reads from `/proc/self/fd/3`; it is in no folder and in no argument list. */
  readonly file?: string;
  /** Variables for podman's own environment, beside the worker's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Podman is ended if it has more resident memory than this; default: no limit. */
  readonly maxMemoryBytes?: number;
}

/**
 * Receives output chunk by chunk, or is the open file that podman writes all of it to. While a chunk is being taken, no more is
 * read.
 */
export type Sink = ChunkSink | WriteStream;

/** Runs a podman process once a slot is free; see `runProcess`. */
export type RunPodman = (args: readonly string[], options: CommandOptions, sink: Sink) => Promise<number | null>;

/**
 * Runs one podman process to its end, without a shell.
 * @returns podman's exit code; `null` if the signal was aborted and the command or podman was ended therefore. A 0 of a command
 * without `stop` is returned even then, because podman had finished. (With `stop` it proves nothing: `podman exec` exits with 0 on
 * SIGTERM and leaves the command running.)
 * @throws PodmanFault if podman cannot be started or has been ended for its memory, the signal's reason if it was aborted before, and
 * JobOutcomeError (unknown) if the command could not be ended in its container
 */
export function runProcess(host: PodmanHost, args: readonly string[], options: CommandOptions, sink: Sink): Promise<number | null> {
  return runObserved(
    host.onCommand,
    { verb: verbOf(args), isInSession: false },
    () => runToEnd(host, args, options, sink),
    exitCode => exitCode,
  );
}

async function runToEnd(host: PodmanHost, args: readonly string[], options: CommandOptions, sink: Sink): Promise<number | null> {
  const { signal, stop, stdin, onStdin, env, maxMemoryBytes } = options;
  signal?.throwIfAborted();
  const input = options.stdinFile && (await openScratchBytes(options.stdinFile));
  const file = options.file === undefined ? undefined : await openScratchText(options.file);
  const output = typeof sink === 'function' ? 'pipe' : sink;
  const subprocess = spawn(host, host.binary, args, {
    ...(env && { env }),
    stdio: [
      input ? streamOf(input) : stdin === undefined && !onStdin ? 'ignore' : 'pipe',
      output,
      output,
      ...(file ? [streamOf(file)] : []),
    ],
  });
  if (typeof sink === 'function') {
    pipeWithBackpressure(subprocess.stdout, bytes => sink('stdout', bytes));
    pipeWithBackpressure(subprocess.stderr, bytes => sink('stderr', bytes));
  }
  // Podman may exit before it has read all of its stdin; its exit code then shows a failure.
  subprocess.stdin?.on('error', () => {});
  if (!onStdin) subprocess.stdin?.end(stdin);
  else if (subprocess.stdin) onStdin(subprocess.stdin);

  const ended = new AbortController();
  let ending: Promise<boolean | Error> | undefined;
  const onAbort = () => {
    ending = endProcess({ kill: name => subprocess.kill(name), ended: ended.signal }, stop).catch((error: Error) => error);
  };
  // It may have been aborted since the first line, and has no more event then.
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  let memoryFailure: PodmanFault | undefined;
  const { pid } = subprocess;
  if (maxMemoryBytes !== undefined && pid !== undefined) {
    void watchMemory(pid, maxMemoryBytes, ended.signal, () => {
      memoryFailure = memoryFault(args, maxMemoryBytes);
      // Its process group, see `spawn`.
      process.kill(-pid, 'SIGKILL');
    });
  }
  const { exitCode, signal: endedBy, code } = await subprocess;
  signal?.removeEventListener('abort', onAbort);
  ended.abort('ended');
  const [wasEnded] = await Promise.all([ending, input?.close(), file?.close()]);
  if (wasEnded instanceof Error) throw wasEnded;
  if (memoryFailure && exitCode !== 0) throw memoryFailure;
  if (exitCode === undefined && endedBy === undefined) throw startFault(code);
  const isDone = exitCode === 0 && !stop;
  return wasEnded && !isDone ? null : (exitCode ?? null);
}

/** Wraps a file for execa, which passes its descriptor on; nothing is read from it here. */
function streamOf({ fd }: FileHandle): ReadStream {
  return createReadStream('', { fd, autoClose: false });
}

function memoryFault(args: readonly string[], maxBytes: number): PodmanFault {
  const message = `podman ${verbOf(args)} was ended because it took more than ${maxBytes / 1024 ** 2} MiB of memory: request less.`;
  return new PodmanFault('too-much-memory', 'PodmanAPIError', message, '');
}

function startFault(code = ''): PodmanFault {
  if (code === 'E2BIG') {
    return new PodmanFault('other', 'ValidationError', 'The command is too long for the host: put it into a file in the container.', code);
  }
  return new PodmanFault('no-podman', 'ServiceUnavailableError', 'Podman cannot be started on the node: run "npm run doctor" there.', code);
}
