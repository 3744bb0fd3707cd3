import type { ChunkSink } from '@podman-api/runtime';
import { classifyError } from '../error-patterns/classify-error.ts';
import { PodmanFault } from '../error-patterns/podman-fault.ts';
import { verbOf } from '../podman-verb.ts';
import type { CommandOptions, RunPodman, Sink } from '../process/run-process.ts';
import { createTempFolder, removeTempFolder } from '../process/temp-folder.ts';
import { type EquivalentQuery, queryOutput } from '../service/equivalent-query.ts';
import type { Query } from '../service/podman-service.ts';
import { OutputBuffer } from './output-buffer.ts';

/** Default limit of a command's stdout. */
const defaultMaxStdoutBytes = 16 * 1024 ** 2;
/** Maximum podman stderr that is kept for its error message if only the start of stdout is wanted. */
const maxStderrBytes = 64 * 1024;
/**
 * Output that is discarded before podman is ended. A `podman cp` that is ended leaves the file system of a stopped
 * container mounted until that is removed, so ordinary files are read to their end.
 */
const maxDiscardedBytes = 256 * 1024 ** 2;

/** Runs podman and returns its stdout. */
export type RunToString = (args: readonly string[], options?: CaptureOptions) => Promise<string>;

/** Options of a command whose stdout is kept in memory. */
export interface CaptureOptions extends CommandOptions {
  /** Maximum length of podman's output; default: 16 MiB. */
  readonly maxStdoutBytes?: number;
  /** Receives podman's stderr as it arrives, which is its progress; more is read when the returned promise resolves. */
  readonly onStderr?: (bytes: Uint8Array) => Promise<void> | undefined;
  /** Job whose podman gets its own folder for temporary files. The folder is removed when podman has ended. */
  readonly tempFolderFor?: string;
}

/** Options of `Podman.run`. */
export interface RunOptions extends CaptureOptions {
  /** Queries podman's service instead of running the command, if the service runs; default: runs the command. */
  readonly query?: EquivalentQuery;
}

/** Returns the function for `Podman.run`, which queries podman's service if a query is given and runs podman otherwise. */
export function createQueryOrRun(send: Query, run: RunToString): (args: readonly string[], options?: RunOptions) => Promise<string> {
  return async (args, { query, ...options } = {}) => {
    const answer = query && (await queryOutput(send, query, options.signal && { signal: options.signal }));
    return answer ?? run(args, options);
  };
}

/** Runs podman and returns the first bytes of its stdout; see `Podman.read`. */
export type ReadStart = (args: readonly string[], maxBytes: number, options?: CommandOptions) => Promise<Buffer>;

/** Returns a function that runs podman and returns its stdout, see `Podman.run`. */
export function createRunToString(run: RunPodman): RunToString {
  return async (args, { maxStdoutBytes = defaultMaxStdoutBytes, onStderr, tempFolderFor, ...options } = {}) => {
    const output = new OutputBuffer(maxStdoutBytes);
    const sink: ChunkSink = (stream, bytes) => {
      output.write(stream, bytes);
      return stream === 'stderr' ? onStderr?.(bytes) : undefined;
    };
    const exitCode = await runWithTempFolder(run, args, options, sink, tempFolderFor);
    // A podman that was ended by a signal exits with 0 as well; whether it did its work shows on stdout.
    if (exitCode === null || output.written.stdout === 0) options.signal?.throwIfAborted();
    if (exitCode !== 0) throw classifyError(output.text('stderr'), args);
    if (output.written.stdout > maxStdoutBytes) throw stdoutTooLongError(args, maxStdoutBytes);
    return output.text('stdout');
  };
}

async function runWithTempFolder(run: RunPodman, args: readonly string[], options: CommandOptions, sink: Sink, job: string | undefined) {
  if (job === undefined) return run(args, options, sink);
  try {
    return await run(args, { ...options, env: { ...options.env, TMPDIR: await createTempFolder(job) } }, sink);
  } finally {
    await removeTempFolder(job);
  }
}

/** Returns the function for `Podman.read`. */
export function createReadStart(run: RunPodman): ReadStart {
  return async (args, maxBytes, options = {}) => {
    const stdout = new OutputBuffer(maxBytes);
    const stderr = new OutputBuffer(maxStderrBytes);
    const enough = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, enough.signal]) : enough.signal;
    const exitCode = await run(args, { ...options, signal }, (stream, bytes) => {
      (stream === 'stdout' ? stdout : stderr).write(stream, bytes);
      if (stdout.written.stdout > maxBytes + maxDiscardedBytes) enough.abort();
      return undefined;
    });
    options.signal?.throwIfAborted();
    if (!enough.signal.aborted && exitCode !== 0) throw classifyError(stderr.text('stderr'), args);
    return Buffer.concat(stdout.chunks.map(({ bytes }) => bytes));
  };
}

/** Passes on podman's stdout as it arrives; see `Podman.pipe`. */
export type PipeStdout = (
  args: readonly string[],
  onBytes: (bytes: Uint8Array) => Promise<void>,
  options?: Omit<CaptureOptions, 'maxStdoutBytes'>,
) => Promise<void>;

/** Returns the function for `Podman.pipe`. */
export function createPipeStdout(run: RunPodman): PipeStdout {
  return async (args, onBytes, { tempFolderFor, onStderr, ...options } = {}) => {
    const stderr = new OutputBuffer(maxStderrBytes);
    const failed = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
    const sink: ChunkSink = (stream, bytes) => {
      if (stream === 'stdout') return onBytes(bytes).catch((error: unknown) => failed.abort(error));
      stderr.write(stream, bytes);
      return onStderr?.(bytes);
    };
    const exitCode = await runWithTempFolder(run, args, { ...options, signal }, sink, tempFolderFor);
    signal.throwIfAborted();
    if (exitCode !== 0) throw classifyError(stderr.text('stderr'), args);
  };
}

function stdoutTooLongError(args: readonly string[], maxBytes: number): PodmanFault {
  const message = `The output of podman ${verbOf(args)} is longer than ${maxBytes / 1024 ** 2} MiB: remove containers with very large labels, variables or commands from the node.`;
  return new PodmanFault('too-much-output', 'PodmanAPIError', message, '');
}
