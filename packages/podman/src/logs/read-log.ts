import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { rejectOnAbort } from '@podman-api/runtime';
import { classifyError } from '../error-patterns/classify-error.ts';
import { PodmanFault } from '../error-patterns/podman-fault.ts';
import { isRemotePodman } from '../process/remote-podman.ts';
import type { CommandOptions, RunPodman } from '../process/run-process.ts';
import { openScratchFile } from '../process/scratch-file.ts';
import type { PodmanHost } from '../process/spawn.ts';
import { formatSeconds } from './follow-by-podman.ts';
import { type LogQuery, type LogText, readLogFile } from './log-file.ts';
import { conmonFormat, plainFormat } from './log-format.ts';

const inspectFormat = '{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Path}}';
/** Podman's log drivers that write a file in conmon's format. */
const fileDrivers: ReadonlySet<string> = new Set(['k8s-file', 'json-file']);
/** Maximum output of `podman logs` on disk before it is stopped, if the log file itself cannot be read. */
const maxScratchBytes = 256 * 1024 ** 2;
const sizeCheckIntervalMs = 50;
/**
 * Maximum memory of `podman logs --tail`. It collects lines without bound: 2 GB for one line of 50 MB, and 4 GB for ten million short ones
 * (measured with podman 4.3); without `--tail` it takes 50 MB for a log of any size.
 */
const maxPodmanBytes = 256 * 1024 ** 2;

/** Parts of the driver that reading logs needs. */
export interface LogParts {
  readonly host: PodmanHost;
  readonly run: RunPodman;
  /** Runs a command whose answer concurrent callers share; see `Podman.shared`. */
  readonly shared: (args: readonly string[]) => Promise<string>;
}

/** See `Podman.logs`. */
export async function readLog(
  parts: LogParts,
  container: string,
  query: LogQuery,
  maxBytes: number,
  options: CommandOptions,
): Promise<LogText> {
  const opened = await openLog(parts, container, options.signal);
  if (!opened) return readByPodman(parts.run, container, query, maxBytes, options);
  try {
    return await readLogFile(opened.file, conmonFormat, query, maxBytes);
  } finally {
    await opened.file.close();
  }
}

/** A log file that was opened. */
export interface OpenedLog {
  readonly file: FileHandle;
  readonly path: string;
}

/**
 * Opens the log file of a container; the caller closes it. Concurrent callers share one podman process.
 * @returns `undefined` if podman's log driver writes none, or it is not on this host
 * @throws ApiError with podman's error message, the reason of the signal
 */
export async function openLog(
  { host, shared }: Pick<LogParts, 'host' | 'shared'>,
  container: string,
  signal?: AbortSignal,
): Promise<OpenedLog | undefined> {
  const inspecting = shared(['container', 'inspect', `--format=${inspectFormat}`, '--', container]);
  const config = await (signal ? rejectOnAbort(inspecting, signal, () => signal.reason) : inspecting);
  return isRemotePodman(host) ? undefined : openLogFile(config.trim());
}

/**
 * Opens the file of a log driver that has one. Reading it is faster than `podman logs`, whose time grows with the log, and
 * with `--tail` joins the parts of lines wrongly and holds everything in memory (podman#19545, #14458).
 */
async function openLogFile(config: string): Promise<OpenedLog | undefined> {
  const separator = config.indexOf(' ');
  const [driver, path] = [config.slice(0, separator), config.slice(separator + 1)];
  if (!fileDrivers.has(driver) || !path.startsWith('/')) return undefined;
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  if ((await file.stat()).isFile()) return { file, path };
  await file.close();
  return undefined;
}

/**
 * Has `podman logs` write to a scratch file, and reads that. Two pipes would lose the order of stdout and stderr; one file,
 * to which both append, keeps it.
 */
async function readByPodman(
  run: RunPodman,
  container: string,
  query: LogQuery,
  maxBytes: number,
  options: CommandOptions,
): Promise<LogText> {
  const { tail, since, until, timestamps } = query;
  const flags = [
    ...(since === undefined ? [] : [`--since=${formatSeconds(since)}`]),
    ...(until === undefined ? [] : [`--until=${formatSeconds(until)}`]),
    ...(timestamps ? ['--timestamps'] : []),
  ];
  const inFile: LogQuery = { tail, timestamps: false };
  const whole = await runToFile(run, ['logs', ...flags, '--', container], options);
  try {
    if (tail === 'all' || !whole.isTooLong) return await readLogFile(whole.file, plainFormat, inFile, maxBytes);
  } finally {
    await whole.file.close();
  }
  // The end of a log that is too large to be written out whole is left to podman.
  // Go's own setting, in place of the one in podman-environment.ts, which lets memory grow further.
  const limits = { maxMemoryBytes: maxPodmanBytes, env: { ...options.env, GOGC: '100' } };
  const end = await runToFile(run, ['logs', `--tail=${tail}`, ...flags, '--', container], { ...options, ...limits }).catch(
    (error: unknown) => {
      throw error instanceof PodmanFault && error.reason === 'too-much-memory' ? logTooLargeError() : error;
    },
  );
  try {
    return await readLogFile(end.file, plainFormat, inFile, maxBytes);
  } finally {
    await end.file.close();
  }
}

/** @throws PodmanFault if podman fails, and the signal's reason if it is aborted */
async function runToFile(run: RunPodman, args: readonly string[], options: CommandOptions) {
  const file = await openScratchFile('ax+');
  const full = new AbortController();
  const timer = setInterval(() => {
    file.stat().then(
      ({ size }) => size > maxScratchBytes && full.abort(),
      () => {},
    );
  }, sizeCheckIntervalMs);
  try {
    const signal = options.signal ? AbortSignal.any([options.signal, full.signal]) : full.signal;
    const exitCode = await run(args, { ...options, signal }, createWriteStream('', { fd: file.fd, autoClose: false }));
    options.signal?.throwIfAborted();
    if (exitCode !== 0 && !full.signal.aborted) {
      const { bytes } = await readLogFile(file, plainFormat, { tail: 20, timestamps: false }, 16 * 1024);
      throw classifyError(bytes.toString(), args);
    }
    return { file, isTooLong: full.signal.aborted };
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function logTooLargeError(): PodmanFault {
  const message =
    'The log is too large for podman to find its last lines: ask for fewer lines (tail) or a shorter time (since), or create the container on a node with the log driver k8s-file.';
  return new PodmanFault('too-much-memory', 'PodmanAPIError', message, '');
}
