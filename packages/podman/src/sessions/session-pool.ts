import { setTimeout as delay } from 'node:timers/promises';
import { waitAtMost } from '@podman-api/runtime';
import type { LimitFunction } from 'p-limit';
import { FirstExecHistory } from '../early-sessions/first-exec-history.ts';
import type { ExecCommand, ExecOptions, ExecResult } from '../exec/exec-command.ts';
import { type CommandObserver, runObserved } from '../process/command-observer.ts';
import { canRunInSession } from './can-run-in-session.ts';
import { ContainerSessions } from './container-sessions.ts';
import { cooldownMs, SessionOpener, type SessionOpenerOptions } from './session-opener.ts';

/** Time for which a command waits if all sessions of its container are in use: less than podman would take. */
const acquireTimeoutMs = 50;
/**
 * Time for which a first command waits for a session that is being opened already. That takes as long as podman takes for the command,
 * and began earlier; both at once slow each other down.
 */
const earlyOpeningTimeoutMs = 3000;
/** A container gets one more session if a command waited for longer than this. */
const longWaitMs = 10;
const maxDirtyStreak = 3;
/**
 * A container's first session is opened when podman was idle at this many checks in a row: opening one takes as long as a first
 * command, and would delay a caller that uses one container after another.
 */
const idleChecks = 5;
const idleCheckIntervalMs = 100;

/** Settings and dependencies of a pool. */
export interface SessionPoolOptions extends SessionOpenerOptions {
  /** Limits podman's processes. Commands in sessions count towards it; idle sessions do not. */
  readonly processLimit: LimitFunction;
  /** Called for each command. */
  readonly onCommand: CommandObserver | undefined;
}

/** Report of a command in a session to `onCommand`. */
const execInSession = { verb: 'exec', isInSession: true } as const;

/** Keeps sessions for containers that are used repeatedly. */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #containers = new Map<string, ContainerSessions>();
  readonly #opener: SessionOpener;
  readonly #history = new FirstExecHistory();
  #completedCommands = 0;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
    this.#opener = new SessionOpener(options, this.#containers);
  }

  /** Number of sessions, including those that are being opened. */
  get count(): number {
    return this.#opener.count;
  }

  /** Number of sessions that wait for a command. */
  get idleCount(): number {
    return this.#containers.values().reduce((sum, sessions) => sum + sessions.idleCount, 0);
  }

  /** Number of commands that have run in sessions. */
  get completedCommands(): number {
    return this.#completedCommands;
  }

  /** Runs a command in a session if one is available at once, and otherwise by `runWithoutSession`. */
  async runOrElse(command: ExecCommand, options: ExecOptions, runWithoutSession: () => Promise<ExecResult>): Promise<ExecResult> {
    if (command.user === undefined) this.#history.recordExec(command.container);
    return (await this.#run(command, options)) ?? this.#runWithoutSession(command, runWithoutSession);
  }

  /** Runs a command in a session. @returns `undefined` if the command has not run */
  async #run(command: ExecCommand, options: ExecOptions): Promise<ExecResult | undefined> {
    if (!this.#canRun(command)) return undefined;
    const { processLimit, idleTimeoutMs, onCommand } = this.#options;
    const sessions = this.#sessionsFor(command);
    if (sessions.earlyOpening) await waitAtMost(earlyOpeningTimeoutMs, sessions.earlyOpening);
    const waitStartedAtMs = performance.now();
    const session = await sessions.acquire(acquireTimeoutMs);
    if (performance.now() - waitStartedAtMs > longWaitMs) void this.#opener.openOneMore(sessions);
    if (!session) return undefined;
    if (!(await session.isSameContainer(command.container))) {
      void session.shell.close();
      return undefined;
    }
    try {
      const { exitCode, isReusable } = await processLimit(() =>
        runObserved(
          onCommand,
          execInSession,
          () => session.run(command, options),
          result => result.exitCode,
        ),
      );
      void isReusable.then(canBeReused => {
        sessions.dirtyStreak = canBeReused ? 0 : sessions.dirtyStreak + 1;
        if (sessions.dirtyStreak >= maxDirtyStreak) sessions.coolDown(session.containerId, performance.now() + cooldownMs);
        if (canBeReused && !this.#opener.isClosed) sessions.release(session, idleTimeoutMs);
        else void session.shell.close();
      });
      if (exitCode === undefined) return undefined;
      this.#completedCommands += 1;
      return { exitCode };
    } catch (error) {
      void session.shell.close();
      throw error;
    }
  }

  /** Runs a command without a session, and opens one for the commands that follow. */
  async #runWithoutSession(command: ExecCommand, run: () => Promise<ExecResult>): Promise<ExecResult> {
    if (!this.#canRun(command)) return run();
    const sessions = this.#sessionsFor(command);
    sessions.missedCommands += 1;
    const isFirst = sessions.missedCommands === 1;
    if (!isFirst) void this.#opener.openOneMore(sessions);
    try {
      return await run();
    } finally {
      // Only later, so that opening a session does not delay the first commands of other containers.
      if (isFirst) void this.#openWhenIdle(sessions);
    }
  }

  /**
   * Opens a session in a container for the commands of its own user, and keeps it until `adopt` or the container's end. Kept sessions
   * do not count for the limit.
   * @param container its full id
   * @returns whether there is a session now
   */
  async prepare(container: string): Promise<boolean> {
    if (this.#options.maxSessions === 0 || this.#opener.isClosed) return false;
    const sessions = this.#sessionsFor({ container });
    if (sessions.count === 0) {
      sessions.isKept = true;
      await this.#trackEarlyOpening(sessions, this.#opener.open(sessions));
    }
    return sessions.count > sessions.openingCount;
  }

  /** Lets the commands for a name use the session that was prepared for a container, which is an ordinary one from now on. */
  adopt(container: string, name: string): void {
    const sessions = this.#containers.get(keyOf({ container }));
    if (!sessions?.isKept) return;
    sessions.endKeeping(this.#options.idleTimeoutMs);
    sessions.lastUsedAtMs = performance.now();
    this.#containers.set(keyOf({ container: name }), sessions);
  }

  /** Opens the first session of a container in the background. */
  openEarly(container: string): void {
    if (this.#options.maxSessions === 0) return;
    const sessions = this.#sessionsFor({ container });
    if (sessions.count === 0) void this.#trackEarlyOpening(sessions, this.#opener.openOneMore(sessions));
  }

  /** Opens the first session of a new container if containers of its image are usually used soon, and no other has to be closed. */
  openIfExpected(container: string, image: string): void {
    const isExpected = this.#history.recordStart(container, image);
    if (isExpected && this.count < this.#options.maxSessions) this.openEarly(container);
  }

  /** Closes all sessions, also those that are being opened; after 20 seconds podman's processes for them are killed. */
  close(): Promise<void> {
    return this.#opener.close();
  }

  async #trackEarlyOpening(sessions: ContainerSessions, opening: Promise<void> | undefined): Promise<void> {
    sessions.earlyOpening = opening;
    await opening;
    sessions.earlyOpening = undefined;
  }

  #canRun(command: ExecCommand): boolean {
    return this.#options.maxSessions > 0 && !this.#opener.isClosed && canRunInSession(command);
  }

  #sessionsFor({ container, user }: Pick<ExecCommand, 'container' | 'user'>): ContainerSessions {
    const key = keyOf({ container, user });
    const sessions = this.#containers.get(key) ?? new ContainerSessions(container, user);
    if (!this.#containers.has(key)) this.#removeUnused();
    this.#containers.set(key, sessions);
    sessions.lastUsedAtMs = performance.now();
    return sessions;
  }

  /** Removes containers without sessions that have not been used for long. */
  #removeUnused(): void {
    const before = performance.now() - Math.max(this.#options.idleTimeoutMs, cooldownMs);
    for (const [key, { count, lastUsedAtMs }] of this.#containers) if (count === 0 && lastUsedAtMs < before) this.#containers.delete(key);
  }

  /** Opens the container's first session once podman is idle. Does nothing if podman is busy for the idle timeout of a session. */
  async #openWhenIdle(sessions: ContainerSessions): Promise<void> {
    const { processLimit, idleTimeoutMs } = this.#options;
    const deadlineMs = performance.now() + idleTimeoutMs;
    for (let idleStreak = 0; idleStreak < idleChecks; ) {
      await delay(idleCheckIntervalMs, undefined, { ref: false });
      if (performance.now() >= deadlineMs) return;
      idleStreak = processLimit.activeCount + processLimit.pendingCount > 0 ? 0 : idleStreak + 1;
    }
    if (sessions.count === 0) void this.#opener.openOneMore(sessions);
  }
}

function keyOf({ container, user }: Pick<ExecCommand, 'container' | 'user'>): string {
  return `${container} ${user ?? ''}`;
}
