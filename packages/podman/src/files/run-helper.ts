import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ApiError, JobOutcomeError } from '@podman-api/errors';
import type { RunToString } from '../capture/capture-stdout.ts';
import { type PodmanHost, spawn } from '../process/spawn.ts';
import { runWatched } from '../process/watch.ts';
import {
  type ArchiveHead,
  type FileTree,
  type HelperAnswer,
  type HelperRequest,
  helperMarker,
  type ReadHead,
  type TreeMount,
} from './protocol.ts';

const helperPath = fileURLToPath(new URL('./helper/main.ts', import.meta.url));
/** Time for the helper to remove its draft, which may be a folder with a million files, before it is killed. */
const endTimeoutMs = 60_000;
/** Requests that change files which stay. */
const changeVerbs: ReadonlySet<HelperRequest['verb']> = new Set(['write', 'extract', 'remove', 'move', 'make-directory']);
/** Maximum helper stderr that is kept for the log. */
const maxStderrCharacters = 4000;

/** The container whose files a request is about. */
export type FileSource =
  | FileTree
  /** A container that does not run; its file system is mounted for the request. */
  | { readonly kind: 'stopped'; readonly container: string; readonly mounts: readonly TreeMount[] };

/** Options of a request about files. */
export interface FileOptions {
  readonly signal: AbortSignal;
  /** Variables for the helper's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The content for `write` and `extract`: if it throws, nothing is written and the error is passed on. */
  readonly content?: AsyncIterable<Uint8Array>;
  /** Called with the head of a `read` or `archive`, before the bytes. */
  readonly onHead?: (head: ReadHead | ArchiveHead) => Promise<void>;
  /** Called with each piece of a `read` or `archive`; no more is read before it has resolved. */
  readonly take?: (bytes: Buffer) => Promise<void>;
}

/** Works on the files of a container; see `Podman.files`. */
export type RunHelper = (source: FileSource, request: HelperRequest, options: FileOptions) => Promise<HelperAnswer>;

/** Creates the function for `Podman.files`. */
export function createRunHelper(host: PodmanHost, runToString: RunToString): RunHelper {
  const isRoot = process.getuid?.() === 0;
  const podman = (args: readonly string[]) => runToString(isRoot ? args : ['unshare', host.binary, ...args]);
  const run = (tree: FileTree, request: HelperRequest, isChange: boolean, options: FileOptions) => {
    const command = { verb: `files ${request.verb}`, inSession: false };
    return runWatched(
      host.watch,
      command,
      () => runHelper(host, isRoot, { tree, request }, isChange, options),
      () => 0,
    );
  };
  return async (source, request, options) => {
    if (process.env['CONTAINER_HOST'] !== undefined) throw remoteError();
    // A folder of the worker's own is removed with its job.
    const isChange = source.kind !== 'folder' && changeVerbs.has(request.verb);
    if (source.kind !== 'stopped') return run(source, request, isChange, options);
    const { container, mounts } = source;
    const path = (await podman(['mount', '--', container])).trim();
    try {
      return await run({ kind: 'folder', path, mounts }, request, isChange, options);
    } finally {
      // The container may have started or been removed meanwhile.
      await podman(['umount', '--', container]).catch(() => {});
    }
  };
}

/** @param isChange whether the request changes files of a container */
async function runHelper(host: PodmanHost, isRoot: boolean, input: object, isChange: boolean, options: FileOptions): Promise<HelperAnswer> {
  const { signal, env, content } = options;
  signal.throwIfAborted();
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', helperPath, helperMarker];
  const [program = '', ...args] = isRoot ? words : [host.binary, 'unshare', ...words];
  const subprocess = spawn(host, program, args, { env: { ...compileCache(), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const { stdin, stdout, stderr } = subprocess;
  const ended = new AbortController();
  stdin.on('error', () => {});
  let errors = '';
  stderr.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString()).slice(-maxStderrCharacters);
  });
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    // An incomplete write is then given up, and its draft removed.
    stdin.destroy();
    stdout.resume();
    killTimer = setTimeout(() => subprocess.kill('SIGKILL'), content ? endTimeoutMs : 0);
  };
  signal.addEventListener('abort', stop, { once: true });
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
    stop();
  };
  stdin.write(`${JSON.stringify(input)}\n`);
  let isSent = content === undefined;
  const onSent = () => {
    isSent = true;
  };
  const feeding = content ? feed(stdin, content, ended.signal, onSent).catch(fail) : undefined;
  let answer: HelperAnswer | undefined;
  try {
    answer = await readAnswer(stdout, options);
  } catch (error) {
    fail(error);
  }
  const { exitCode } = await subprocess;
  ended.abort();
  clearTimeout(killTimer);
  signal.removeEventListener('abort', stop);
  // Not awaited: the content may wait for its source, whose bytes are not needed any more.
  feeding?.catch(() => {});
  // A change is answered when it is done; an abort then comes too late.
  if (isChange && answer?.failure === undefined && answer) return answer;
  const hasStarted = subprocess.pid !== undefined;
  if (isChange && hasStarted && isSent && !answer) throw interruptedError(errors);
  if (!content || answer?.failure !== undefined || exitCode !== 0) signal.throwIfAborted();
  if (failure !== undefined) throw failure;
  if (!answer || (exitCode !== 0 && answer.failure === undefined)) throw brokenError(errors);
  return answer;
}

/** Returns the variable with which the helper finds its compiled code: compiling it takes more CPU time than a short request. */
function compileCache(): Record<string, string> {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** Writes the chunks of a content, and its end. @param onSent called before the end is written */
async function feed(
  stdin: NodeJS.WritableStream,
  content: AsyncIterable<Uint8Array>,
  ended: AbortSignal,
  onSent: () => void,
): Promise<void> {
  for await (const piece of content) {
    if (ended.aborted) return;
    if (piece.length === 0) continue;
    stdin.write(lengthOf(piece.length));
    if (!stdin.write(piece)) await once(stdin, 'drain', { signal: ended }).catch(() => {});
  }
  if (ended.aborted) return;
  onSent();
  stdin.write(lengthOf(0));
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
}

/** Reads the helper's line, and passes on the bytes that follow it. */
async function readAnswer(stdout: AsyncIterable<Buffer>, { onHead, take }: FileOptions): Promise<HelperAnswer | undefined> {
  let answer: HelperAnswer | undefined;
  let line = Buffer.alloc(0);
  for await (const bytes of stdout) {
    if (answer) {
      await take?.(bytes);
      continue;
    }
    line = Buffer.concat([line, bytes]);
    const end = line.indexOf(10);
    if (end < 0) continue;
    answer = JSON.parse(line.subarray(0, end).toString());
    if (answer && 'head' in answer) await onHead?.(answer.head);
    if (end + 1 < line.length) await take?.(line.subarray(end + 1));
  }
  return answer;
}

function remoteError(): ApiError {
  const message = "Files are read and changed only by a worker on podman's own host: run the worker there, without CONTAINER_HOST.";
  return new ApiError('PodmanAPIError', message);
}

/** The helper ended after it may have changed files, and before it answered. */
function interruptedError(errors: string): JobOutcomeError {
  const message = 'The outcome is unknown: the change of files was interrupted. Read the files before you send the request again.';
  return new JobOutcomeError('unknown', message, {}, { cause: new Error(errors) });
}

function brokenError(errors: string): ApiError {
  const message = 'The transfer of the file was interrupted on the node: send the request again.';
  return new ApiError('PodmanAPIError', message, {}, { cause: new Error(errors) });
}
