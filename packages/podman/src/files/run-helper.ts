import { AsyncLocalStorage } from 'node:async_hooks';
import { ApiError, type JobOutcomeError, unknownOutcomeError } from '@podman-api/errors';
import type { RunToString } from '../capture/capture-stdout.ts';
import { runObserved } from '../process/command-observer.ts';
import { isRemotePodman, remotePodmanError } from '../process/remote-podman.ts';
import type { PodmanHost } from '../process/spawn.ts';
import { HelperPool } from './helper-pool.ts';
import { HelperProcess } from './helper-process.ts';
import type { ArchiveHead, FileTree, HelperAnswer, HelperInput, HelperRequest, ReadHead, TreeMount } from './protocol.ts';

/** Time for the helper to remove its draft, which may be a folder with a million files, before it is killed. */
const endTimeoutMs = 60_000;
/** Requests that change files which stay. */
const changeVerbs: ReadonlySet<HelperRequest['verb']> = new Set(['write', 'extract', 'remove', 'move', 'make-directory']);
/** Maximum number of helpers that wait for a request. More are no faster on two cores, and take memory, see `HelperPool`. */
const maxIdleHelpers = 2;

/** The container whose files a request is about. */
export type FileSource =
  | FileTree
  /** A container that does not run; its file system is mounted for the request. */
  | { readonly kind: 'stopped'; readonly container: string; readonly mounts: readonly TreeMount[] };

/** Options of a request about files. */
export interface FileOptions {
  readonly signal: AbortSignal;
  /** Variables that name the job, by which `Podman.waitForProcesses` finds the helper: they are in its title. */
  readonly env?: Readonly<Record<string, string>>;
  /** The content for `write` and `extract`: if it throws, nothing is written and the error is passed on. */
  readonly content?: AsyncIterable<Uint8Array>;
  /** Called with the head of a `read` or `archive`, before the bytes. */
  readonly onHead?: (head: ReadHead | ArchiveHead) => Promise<void>;
  /** Called with each piece of a `read` or `archive`; no more is read before it has resolved. */
  readonly onBytes?: (bytes: Buffer) => Promise<void>;
}

/** Works on the files of a container; see `Podman.files`. */
export type RunHelper = (source: FileSource, request: HelperRequest, options: FileOptions) => Promise<HelperAnswer>;

/** `Podman.files`, and the helpers that it keeps. */
export interface HelperRunner {
  readonly run: RunHelper;
  /** Ends all helpers. */
  close(): Promise<void>;
}

/**
 * Creates the function for `Podman.files`. As root, helpers are kept for the next requests. Without root, each runs in `podman unshare`
 * for one request: a kept one would not see what podman mounts later.
 * @param maxRequests maximum number of requests at the same time
 */
export function createHelperRunner(host: PodmanHost, runToString: RunToString, maxRequests: number): HelperRunner {
  const isRoot = process.getuid?.() === 0;
  const podman = (args: readonly string[]) => runToString(isRoot ? args : ['unshare', host.binary, ...args]);
  // A helper is not part of the job that it was started for, so it is started in the asynchronous context of this call.
  const runDetached = AsyncLocalStorage.snapshot();
  const start = () => runDetached(() => new HelperProcess(host, isRoot ? [] : [host.binary, 'unshare']));
  const pool = new HelperPool({ start, maxIdle: isRoot ? Math.min(maxRequests, maxIdleHelpers) : 0 });
  const runRequest = (tree: FileTree, request: HelperRequest, isChange: boolean, options: FileOptions) => {
    const command = { verb: `files ${request.verb}`, isInSession: false };
    return runObserved(
      host.onCommand,
      command,
      () => runWithHelper(pool, { tree, request }, isChange, options),
      () => 0,
    );
  };
  return {
    async run(source, request, options) {
      if (isRemotePodman(host)) throw remotePodmanError('Files are read and changed');
      // A folder of the worker's own is removed with its job.
      const isChange = source.kind !== 'folder' && changeVerbs.has(request.verb);
      if (source.kind !== 'stopped') return runRequest(source, request, isChange, options);
      const { container, mounts } = source;
      const path = (await podman(['mount', '--', container])).trim();
      try {
        return await runRequest({ kind: 'folder', path, mounts }, request, isChange, options);
      } finally {
        // The container may have started or been removed meanwhile.
        await podman(['umount', '--', container]).catch(() => {});
      }
    },
    close: () => pool.close(),
  };
}

/** Runs a request in a helper, which is kept only if nothing has failed. @param isChange whether the request changes files of a container */
async function runWithHelper(pool: HelperPool, input: HelperInput, isChange: boolean, options: FileOptions): Promise<HelperAnswer> {
  const helper = await takeHelper(pool, options);
  let isClean = false;
  try {
    const result = await runRequest(helper, input, isChange, options);
    isClean = result.isClean;
    return result.answer;
  } finally {
    if (isClean) pool.keep(helper);
    else {
      helper.discard(endTimeoutMs);
      pool.replace();
      await helper.ended;
    }
  }
}

/** Takes a helper and sets its title to the markers of the request's job. @throws the signal's reason; ApiError if none can be started */
async function takeHelper(pool: HelperPool, { signal, env = {} }: FileOptions): Promise<HelperProcess> {
  const markers = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  for (;;) {
    signal.throwIfAborted();
    const { helper, wasIdle } = pool.take();
    const kill = () => helper.discard(0);
    signal.addEventListener('abort', kill, { once: true });
    const hasTitle = await helper.setTitle(markers);
    signal.removeEventListener('abort', kill);
    if (hasTitle && !signal.aborted) return helper;
    helper.discard(0);
    await helper.ended;
    if (!wasIdle && !signal.aborted) throw brokenError(helper.errors);
  }
}

/** The answer to a request, and whether the helper can have another request. */
interface RequestResult {
  readonly answer: HelperAnswer;
  readonly isClean: boolean;
}

async function runRequest(helper: HelperProcess, input: HelperInput, isChange: boolean, options: FileOptions): Promise<RequestResult> {
  const { signal, content } = options;
  // The helper has no request yet, so nothing is changed.
  signal.throwIfAborted();
  const finished = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    // The helper abandons an incomplete write and removes its draft; anything else is killed. The answer to a change may be in the pipe already
    // and is still read; output is not, because its receiver may never continue.
    if (content) helper.end(endTimeoutMs);
    else if (isChange) helper.end(0);
    else helper.discard(0);
  };
  const onAbort = () => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    helper.sendInput(input);
    let isSent = !content;
    if (content) {
      const sent = helper.sendContent(content, finished.signal).then(isComplete => {
        isSent = isComplete;
      });
      // Not awaited: the content may wait for its source, whose bytes are not needed after a failure.
      sent.catch(fail);
    }
    const answered = readAnswer(helper, options);
    answered.catch(fail);
    const answer = await helper.discarded.race(answered.catch(() => undefined));
    // It is answered when it is done; an abort then comes too late.
    if (answer && answer.failure === undefined) return { answer, isClean: isSent && !failure };
    if (isChange && isSent && !answer) throw interruptedError(helper.errors);
    signal.throwIfAborted();
    if (failure) throw failure.error;
    if (answer) return { answer, isClean: false };
    throw brokenError(helper.errors);
  } finally {
    finished.abort();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Reads the answer, and passes on its bytes. @returns `undefined` if it is incomplete */
async function readAnswer({ output }: HelperProcess, { onHead, onBytes }: FileOptions): Promise<HelperAnswer | undefined> {
  const line = await output.readLine();
  if (line === undefined) return undefined;
  const answer: HelperAnswer = JSON.parse(line);
  if (!('head' in answer)) return answer;
  await onHead?.(answer.head);
  return (await output.readChunks(async bytes => onBytes?.(bytes))) ? answer : undefined;
}

/** The helper ended after it may have changed files, and before it answered. */
function interruptedError(errors: string): JobOutcomeError {
  const advice = 'Read the files before you send the request again.';
  return unknownOutcomeError('the change of files was interrupted', { advice, cause: new Error(errors) });
}

function brokenError(errors: string): ApiError {
  const message = 'The transfer of the file was interrupted on the node: send the request again.';
  return new ApiError('PodmanAPIError', message, {}, { cause: new Error(errors) });
}
