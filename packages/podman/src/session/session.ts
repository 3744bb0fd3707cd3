import { hash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { JobEnded } from '@podman-api/errors';
import { end } from '../end.ts';
import type { ExecCommand } from '../exec/command.ts';
import type { ExecOptions } from '../types.ts';
import { noncePrefix } from './protocol.ts';
import { requestText } from './request-text.ts';
import type { Shell } from './shell.ts';
import { Turn } from './turn.ts';

/**
 * Interval between looks at a container whose shell has not begun its command: in a paused one it never does, and on a busy
 * host it may take long.
 */
const beginCheckIntervalMs = 2000;
/** Time for a shell in a running container to begin its command; after that the shell is killed. */
const beginTimeoutMs = 30_000;
/** How long what a shell has written may be on its way after it was ended, in ms. */
const lastWords = 1000;

/** What a process returns that SIGKILL has ended, and podman if an exec has failed for a reason of its own. */
const killedExitCode = 137;
const podmanErrorExitCode = 255;
/** Time for podman to record that a container has stopped after its processes were killed. */
const stopNoticeTimeoutMs = 5000;
const stopPollIntervalMs = 100;

/**
 * Commands that the pumps between the shell and podman are good for. Each takes two characters of the pumps' arguments, which
 * `ps` in the container shows in one line of a terminal. New pumps take two milliseconds, after the answer to the last command.
 */
const turns = 32;
/** How many programs a session remembers; others are started with the net under them each time. */
const mostKnown = 1000;
/** More than the shell's word that they have come to wait, in bytes. */
const longestReady = 32;
/** How long pumps may take to start, in ms: after podman itself, which takes 170 on an idle host. */
const startPatience = 10_000;

/** What a session is made of. */
export interface SessionParts {
  readonly shell: Shell;
  readonly containerId: string;
  /** Where its commands run if they do not say. */
  readonly folder: string;
  /** Ends its shell in the container, with no time to do anything more; fails where that can't be told. */
  readonly kill: () => Promise<unknown>;
  /** Whether what it was asked for by still means its container. */
  readonly isStill: () => Promise<boolean>;
  /** Whether its container has ended since it began, or is paused. */
  readonly isOver: () => Promise<boolean>;
}

/** How a command ended that was given to a session. */
export interface TurnEnd {
  /** As podman would tell it; `null` where it was ended before, nothing where it has not run at all. */
  readonly exitCode: number | null | undefined;
  /** Resolves when it is known whether the session can be used again. */
  readonly clean: Promise<boolean>;
}

/** A shell in a container that runs one command at a time. */
export class Session {
  readonly shell: Shell;
  readonly containerId: string;
  readonly #parts: SessionParts;
  /** The programs that it has run, but for scripts, by a hash: callers choose how long a path is. */
  readonly #known = new Set<string>();
  /** For how many more commands it has pumps. */
  #turnsLeft = 0;
  /** Its shell has been killed, and what it has not told by then it has not done. */
  #killed = false;

  /** See `SessionParts`. */
  readonly isStill: () => Promise<boolean>;

  constructor(parts: SessionParts) {
    this.shell = parts.shell;
    this.containerId = parts.containerId;
    this.isStill = parts.isStill;
    this.#parts = parts;
  }

  /**
   * Has the shell start pumps, as must be before the first command.
   * @returns the shell's process id in the container; nothing where that has failed
   */
  async prepare(): Promise<string | undefined> {
    const { shell } = this.#parts;
    const told = { stdout: '', stderr: '' };
    const ready = new Promise<string | undefined>(resolve => {
      shell.listener = (stream, bytes) => {
        told[stream] = (told[stream] + bytes.toString('latin1', 0, longestReady)).slice(0, longestReady);
        const [out, err] = [told.stdout, told.stderr].map(text => /^ready (\d+)\n$/.exec(text)?.[1]);
        if (out !== undefined && out === err) resolve(out);
        // What says more is no shell that heeds us.
        if (told[stream].length === longestReady) resolve(undefined);
        return undefined;
      };
    });
    const over = new AbortController();
    const late = delay(startPatience, undefined, { ref: false, signal: over.signal }).catch(() => undefined);
    shell.write(`pa_pumps ${turns / 2}\n`);
    const pid = await Promise.race([ready, late, shell.ended.then(() => undefined)]);
    over.abort();
    if (pid !== undefined) this.#turnsLeft = turns;
    return pid;
  }

  /**
   * Runs a command, once at most.
   * @throws JobEnded (unknown) where the session ended under it, or it could not be ended in the container
   */
  async run(command: ExecCommand, { signal, stop, take }: ExecOptions): Promise<TurnEnd> {
    signal?.throwIfAborted();
    const { shell } = this.#parts;
    const folder = command.workDir ?? this.#parts.folder;
    const program = hash('sha256', [command.argv[0], command.environment['PATH'], folder].join('\0'));
    const known = this.#known.has(program);
    const nonce = noncePrefix + randomBytes(16).toString('hex');
    const turn = new Turn(nonce, take, known);
    shell.listener = turn.hear;
    shell.write(requestText(command, { nonce, folder, known }));

    const over = new AbortController();
    let ending: Promise<unknown> | undefined;
    const onAbort = () => {
      ending = end({ kill: shell.kill, ended: over.signal }, stop);
      // It is looked at below; until then it is nobody's.
      ending.catch(() => {});
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const stopWatching = this.#watchBeginning(turn);
    void turn.begun.promise.then(stopWatching);
    try {
      await Promise.race([turn.ended.promise, shell.ended.then(() => turn.finish())]);
    } finally {
      stopWatching();
      signal?.removeEventListener('abort', onAbort);
      over.abort('ended');
    }
    await ending;
    await turn.finish();
    const clean = turn.exitCode === undefined || turn.beginning === 'stale' ? Promise.resolve(false) : this.#cleared(turn);
    if (signal?.aborted) return { exitCode: null, clean };
    if (turn.beginning !== 'begun') return { exitCode: await this.#unbegun(turn, stop), clean };
    if (turn.unstarted) return { exitCode: undefined, clean };
    if (turn.exitCode === undefined) return { exitCode: await this.#cutOff(stop), clean };
    if (!turn.script && this.#known.size < mostKnown) this.#known.add(program);
    return { exitCode: turn.exitCode, clean };
  }

  async #cleared(turn: Turn): Promise<boolean> {
    this.#turnsLeft -= 1;
    return (await turn.clean) && (this.#turnsLeft > 0 || (await this.prepare()) !== undefined);
  }

  /**
   * Kills the shell if its command does not begin, because the container is paused or the time is up. Podman is asked
   * before each decision: by then a worker that had no CPU itself has read what the shell wrote meanwhile.
   */
  #watchBeginning(turn: Turn): () => void {
    const startedAt = performance.now();
    const timer = setInterval(async () => {
      const hasStopped = await this.#parts.isOver();
      if (turn.beginning !== undefined || isDone) return;
      if (!hasStopped && performance.now() - startedAt < beginTimeoutMs) return;
      stop();
      await this.#abandon(turn);
    }, beginCheckIntervalMs);
    let isDone = false;
    const stop = () => {
      isDone = true;
      clearInterval(timer);
    };
    return stop;
  }

  /** A shell that does not begin with a command must not do so later either. */
  async #abandon(turn: Turn): Promise<void> {
    this.#killed = await this.#parts.kill().then(
      () => true,
      () => false,
    );
    setTimeout(() => turn.beginning === undefined && this.shell.kill('SIGKILL'), lastWords).unref();
  }

  /** It has not run, unless a podman that was ended from outside has kept to itself that it has begun. */
  async #unbegun(turn: Turn, stop: (() => Promise<unknown>) | undefined): Promise<undefined> {
    if (turn.beginning !== undefined) return undefined;
    const { exitCode } = await this.shell.ended;
    if (exitCode !== undefined || this.#killed) return undefined;
    await this.#parts.kill().catch(() => {});
    await stop?.();
    throw lost();
  }

  /**
   * A container that ends takes its commands with it, by SIGKILL; from any other end of a session nobody knows. Podman reports
   * 137 for its shell, or 255 if the container was started again before it had looked.
   */
  async #cutOff(stop: (() => Promise<unknown>) | undefined): Promise<number> {
    const { exitCode } = await this.shell.ended;
    if ((exitCode === killedExitCode || exitCode === podmanErrorExitCode) && (await this.#isOverSoon())) return killedExitCode;
    await stop?.();
    throw lost();
  }

  /** Podman notices the end of a container some time after its processes are gone, on a busy host later. */
  async #isOverSoon(): Promise<boolean> {
    const deadline = performance.now() + stopNoticeTimeoutMs;
    while (!(await this.#parts.isOver())) {
      if (performance.now() >= deadline) return false;
      await delay(stopPollIntervalMs);
    }
    return true;
  }
}

function lost(): JobEnded {
  return new JobEnded(
    'unknown',
    'The outcome is unknown: the shell in the container that ran the command was ended; so was what was left of it.',
  );
}
