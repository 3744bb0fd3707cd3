import { hash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type JobOutcomeError, unknownOutcomeError } from '@podman-api/errors';
import { LongLivedPromise } from '@podman-api/runtime';
import { killedExitCode, podmanErrorExitCode, waitForRecordedEnd } from '../exec/container-end.ts';
import type { ExecCommand, ExecOptions } from '../exec/exec-command.ts';
import { endProcess } from '../process/end-process.ts';
import { CommandTracker } from './command-tracker.ts';
import { noncePrefix } from './protocol.ts';
import { formatRequest } from './request.ts';
import type { Shell } from './shell.ts';

/**
 * Interval between checks of a container whose shell has not answered a request: in a paused container it never does, and on
 * a busy host it may take long.
 */
const answerCheckIntervalMs = 2000;
/** Time for a shell in a running container to answer a request; after that the shell is killed. */
const answerTimeoutMs = 30_000;
/** Time for podman to pass on the last output of a killed shell and to exit. Long, because the host may be too busy for an answer. */
const lastOutputTimeoutMs = 30_000;
/**
 * The same if the container is paused or has stopped. With cgroups v1, a killed process stays until the container is unpaused, and so
 * does podman.
 */
const haltedOutputTimeoutMs = 5000;

/**
 * Commands that one pair of pumps serves. Each takes two characters of the pumps' arguments, which `ps` in the container shows
 * in one line of a terminal. New pumps take two milliseconds, after the answer to the last command.
 */
const commandsPerPumps = 32;
/** Programs that a session remembers; the shell checks the header of all others for each command. */
const maxKnownPrograms = 1000;
/** More than the longest `ready` message. */
const maxReadyBytes = 32;
/** Time for pumps to start: after podman itself, which takes 170 ms on an idle host. */
const pumpStartTimeoutMs = 10_000;

/** Parts of a session. */
export interface SessionParts {
  readonly shell: Shell;
  readonly containerId: string;
  /** Working directory of commands that name none. */
  readonly workDir: string;
  /** Kills the shell's processes in the container; rejects if that cannot be done. */
  readonly killShell: () => Promise<unknown>;
  /** Whether a reference still refers to the session's container. */
  readonly isSameContainer: (reference: string) => Promise<boolean>;
  /** Whether the container has stopped or restarted since the session was opened, or is paused. */
  readonly hasContainerStopped: () => Promise<boolean>;
}

/** Outcome of a command that was given to a session. */
export interface SessionResult {
  /** Exit code as podman would return it; `null` if the command was ended before, `undefined` if it has not run. */
  readonly exitCode: number | null | undefined;
  /** Resolves when it is known whether the session can run another command. */
  readonly isReusable: Promise<boolean>;
}

/** A shell in a container that runs one command at a time. The states of a command are in PROTOCOL.md. */
export class Session {
  readonly shell: Shell;
  readonly containerId: string;
  /** See `SessionParts`. */
  readonly isSameContainer: (reference: string) => Promise<boolean>;
  readonly #parts: SessionParts;
  readonly #shellEnded: LongLivedPromise<undefined>;
  /** Hashes of the programs that it has run, without scripts; a hash because callers choose how long a path is. */
  readonly #knownPrograms = new Set<string>();
  /** Commands that the present pumps can still serve. */
  #commandsLeft = 0;
  /** Whether the shell was killed in a paused or stopped container: what it had not reported by then was not done. */
  #wasKilledWhileHalted = false;

  constructor(parts: SessionParts) {
    this.shell = parts.shell;
    this.containerId = parts.containerId;
    this.isSameContainer = parts.isSameContainer;
    this.#parts = parts;
    this.#shellEnded = new LongLivedPromise(parts.shell.ended.then(() => undefined));
  }

  /**
   * Makes the shell start pumps, which is required before the first command.
   * @returns the shell's process id in the container; `undefined` on failure
   */
  async startPumps(): Promise<string | undefined> {
    const { shell } = this.#parts;
    const received = { stdout: '', stderr: '' };
    const ready = new Promise<string | undefined>(resolve => {
      shell.listener = (stream, bytes) => {
        received[stream] = (received[stream] + bytes.toString('latin1', 0, maxReadyBytes)).slice(0, maxReadyBytes);
        const [stdoutPid, stderrPid] = [received.stdout, received.stderr].map(text => /^ready (\d+)\n$/.exec(text)?.[1]);
        if (stdoutPid !== undefined && stdoutPid === stderrPid) resolve(stdoutPid);
        // A program that writes more does not run shell.sh.
        if (received[stream].length === maxReadyBytes) resolve(undefined);
        return undefined;
      };
    });
    const settled = new AbortController();
    const timeout = delay(pumpStartTimeoutMs, undefined, { ref: false, signal: settled.signal }).catch(() => undefined);
    shell.write(`pa_start_pumps ${commandsPerPumps / 2}\n`);
    const pid = await this.#shellEnded.race(Promise.race([ready, timeout]));
    settled.abort();
    if (pid !== undefined) this.#commandsLeft = commandsPerPumps;
    return pid;
  }

  /**
   * Runs a command, at most once.
   * @throws JobOutcomeError (unknown) if the session ended during the command, or the command could not be ended in the container
   */
  async run(command: ExecCommand, { signal, stop, onOutput }: ExecOptions): Promise<SessionResult> {
    signal?.throwIfAborted();
    const { shell } = this.#parts;
    const workDir = command.workDir ?? this.#parts.workDir;
    const program = hash('sha256', [command.argv[0], command.environment['PATH'], workDir].join('\0'));
    const hasRunBefore = this.#knownPrograms.has(program);
    const nonce = noncePrefix + randomBytes(16).toString('hex');
    const tracker = new CommandTracker(nonce, onOutput, hasRunBefore);
    shell.listener = tracker.receive;
    shell.write(formatRequest(command, { nonce, workDir, hasRunBefore }));

    const settled = new AbortController();
    let ending: Promise<boolean> | undefined;
    const onAbort = () => {
      ending = endProcess({ kill: shell.kill, ended: settled.signal }, stop);
      // Awaited below; a rejection before that is not unhandled.
      ending.catch(() => {});
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const stopWatching = this.#watchForAnswer(tracker);
    void tracker.answered.promise.then(stopWatching);
    try {
      await this.#shellEnded.race(tracker.ended.promise);
    } finally {
      stopWatching();
      signal?.removeEventListener('abort', onAbort);
      settled.abort('ended');
    }
    const wasEnded = await ending;
    await tracker.finish();
    const { startMessage, exitCode } = tracker;
    const isReusable = exitCode === undefined || startMessage === 'stale' ? Promise.resolve(false) : this.#prepareNext(tracker);
    if (wasEnded) return { exitCode: null, isReusable };
    if (startMessage !== 'started') return { exitCode: await this.#resultWithoutStart(tracker, stop), isReusable };
    if (tracker.hasExecFailed) return { exitCode: undefined, isReusable };
    if (exitCode === undefined) return { exitCode: await this.#resultWithoutEnd(stop), isReusable };
    if (!tracker.isScript && this.#knownPrograms.size < maxKnownPrograms) this.#knownPrograms.add(program);
    return { exitCode, isReusable };
  }

  /** Waits until the command's pipes are closed and there are pumps for another command. @returns whether both succeeded */
  async #prepareNext(tracker: CommandTracker): Promise<boolean> {
    this.#commandsLeft -= 1;
    if (!(await tracker.pipesClosed)) return false;
    // Releases the tracker, which holds output of the command, while the session is idle.
    this.shell.listener = () => undefined;
    return this.#commandsLeft > 0 || (await this.startPumps()) !== undefined;
  }

  /**
   * Kills the shell if it does not answer the request, because the container is paused or the time is up. Podman is queried
   * before each decision: a worker that had no CPU itself reads meanwhile what the shell has written.
   * @returns a function that stops watching
   */
  #watchForAnswer(tracker: CommandTracker): () => void {
    const startedAtMs = performance.now();
    const timer = setInterval(async () => {
      const hasStopped = await this.#parts.hasContainerStopped();
      if (tracker.startMessage !== undefined || isDone) return;
      if (!hasStopped && performance.now() - startedAtMs < answerTimeoutMs) return;
      stop();
      await this.#abandon(tracker, hasStopped);
    }, answerCheckIntervalMs);
    let isDone = false;
    const stop = () => {
      isDone = true;
      clearInterval(timer);
    };
    return stop;
  }

  /**
   * Kills a shell that did not answer a request, so that it does not run the command later, and then podman if it does not exit.
   * @param isHalted whether the container is paused, or has stopped or restarted
   */
  async #abandon(tracker: CommandTracker, isHalted: boolean): Promise<void> {
    const isKilled = await this.#parts.killShell().then(
      () => true,
      () => false,
    );
    const killPodman = () => {
      if (tracker.startMessage !== undefined) return;
      this.#wasKilledWhileHalted = isKilled && isHalted;
      this.shell.kill('SIGKILL');
    };
    setTimeout(killPodman, isHalted ? haltedOutputTimeoutMs : lastOutputTimeoutMs).unref();
  }

  /**
   * Returns `undefined` for a command that did not run: the shell refused it, reported its end without a start, or ended without
   * an answer.
   * @throws JobOutcomeError (unknown) if podman was killed: the answer may have been lost with it
   */
  async #resultWithoutStart(tracker: CommandTracker, stop: (() => Promise<boolean>) | undefined): Promise<undefined> {
    if (tracker.startMessage !== undefined || tracker.exitCode !== undefined) return undefined;
    const { exitCode } = await this.shell.ended;
    if (exitCode !== undefined || this.#wasKilledWhileHalted) return undefined;
    await this.#parts.killShell().catch(() => {});
    await stop?.();
    throw sessionEndedError();
  }

  /**
   * Returns the exit code of a command that the container's end killed. Podman returns 137 for the shell then, or 255 if the
   * container was started again before podman had looked.
   * @throws JobOutcomeError (unknown) if the session ended in any other way
   */
  async #resultWithoutEnd(stop: (() => Promise<boolean>) | undefined): Promise<number> {
    const { exitCode } = await this.shell.ended;
    const hasStopped = async () => (await this.#parts.hasContainerStopped()) || undefined;
    if ((exitCode === killedExitCode || exitCode === podmanErrorExitCode) && (await waitForRecordedEnd(hasStopped))) return killedExitCode;
    await stop?.();
    throw sessionEndedError();
  }
}

function sessionEndedError(): JobOutcomeError {
  return unknownOutcomeError(
    'the shell in the container that ran the command was ended, and all remaining processes of the command with it',
  );
}
