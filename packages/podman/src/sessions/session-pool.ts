import { setTimeout as delay } from 'node:timers/promises';
import { waitAtMost } from '@podman-api/runtime';
import pLimit, { type LimitFunction } from 'p-limit';
import type { ExecCommand, ExecOptions, ExecResult } from '../exec/exec-command.ts';
import { runWatched, type Watch } from '../process/watch.ts';
import { canRunInSession } from './can-run-in-session.ts';
import { ContainerSessions } from './container-sessions.ts';
import type { Session } from './session.ts';

/** Sessions that are opened at once; each starts a podman. */
const maxConcurrentOpenings = 2;
/** Time for which a command waits if all sessions of its container are in use: less than podman would take. */
const acquireTimeoutMs = 50;
/** A container gets one more session if a command waited for longer than this. */
const longWaitMs = 10;
/** Time without new sessions for a container after several in a row could not be used again. */
const cooldownMs = 60_000;
/**
 * Time without new sessions after one could not be opened, which may succeed a moment later on a busy host; it doubles with each
 * failure, up to `cooldownMs`.
 */
const firstOpenCooldownMs = 5000;
const maxDirtyStreak = 3;
/**
 * A container's first session is opened when podman was idle at this many checks in a row: opening one takes as long as a first
 * command, and would delay a caller that uses one container after another.
 */
const idleChecks = 5;
const idleCheckIntervalMs = 100;
/** A session may be closed in favor of another container after this time without a command. */
const evictableAfterMs = 1000;
/** A busy host takes seconds to search a container for the shell's processes and to kill them. */
const closeTimeoutMs = 20_000;

/** Settings and dependencies of a pool. */
export interface SessionPoolOptions {
  /** Limit of sessions of all containers together; 0 turns them off. */
  readonly maxSessions: number;
  /** Time after which a session without a command is closed. */
  readonly idleTimeoutMs: number;
  /** Opens a session, `undefined` if the container can have none; rejects if podman fails. */
  readonly open: (container: string, user: string | undefined) => Promise<Session | undefined>;
  /** Resolves a reference to a container's full id, `undefined` if there is none. */
  readonly idOf: (container: string) => Promise<string | undefined>;
  /** Limits podman's processes. Commands in sessions count among them; idle sessions do not. */
  readonly processLimit: LimitFunction;
  /** Called for each command. */
  readonly watch: Watch | undefined;
}

/** How a command in a session is reported to `watch`. */
const execInSession = { verb: 'exec', inSession: true } as const;

/** Keeps sessions for containers that are used repeatedly. */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #containers = new Map<string, ContainerSessions>();
  readonly #sessions = new Set<Session>();
  readonly #openingLimit = pLimit(maxConcurrentOpenings);
  /** Openings in progress. */
  readonly #opening = new Set<Promise<void>>();
  #count = 0;
  #completedCommands = 0;
  #isClosed = false;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
  }

  /** Number of sessions, those that are being opened among them. */
  get count(): number {
    return this.#count;
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
    return (await this.#run(command, options)) ?? this.#runWithoutSession(command, runWithoutSession);
  }

  /** Runs a command in a session. @returns `undefined` if the command has not run */
  async #run(command: ExecCommand, options: ExecOptions): Promise<ExecResult | undefined> {
    if (!this.#canRun(command)) return undefined;
    const { processLimit, idleTimeoutMs, watch } = this.#options;
    const sessions = this.#sessionsFor(command);
    const waitStartedAt = performance.now();
    const session = await sessions.acquire(acquireTimeoutMs);
    if (performance.now() - waitStartedAt > longWaitMs) this.#openOneMore(sessions);
    if (!session) return undefined;
    if (!(await session.isSameContainer())) {
      void session.shell.close();
      return undefined;
    }
    try {
      const { exitCode, isReusable } = await processLimit(() =>
        runWatched(
          watch,
          execInSession,
          () => session.run(command, options),
          result => result.exitCode,
        ),
      );
      void isReusable.then(canBeReused => {
        sessions.dirtyStreak = canBeReused ? 0 : sessions.dirtyStreak + 1;
        if (sessions.dirtyStreak >= maxDirtyStreak) sessions.coolDown(session.containerId, performance.now() + cooldownMs);
        if (canBeReused && !this.#isClosed) sessions.release(session, idleTimeoutMs);
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
    if (!isFirst) this.#openOneMore(sessions);
    try {
      return await run();
    } finally {
      // Only later, so that opening a session does not delay the first commands of other containers.
      if (isFirst) void this.#openWhenIdle(sessions);
    }
  }

  /** Closes all sessions, also those that are being opened; after 20 seconds podman's processes for them are killed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closing = [...this.#sessions].map(({ shell }) => shell.close());
    await waitAtMost(closeTimeoutMs, Promise.all([...closing, ...this.#opening]));
    for (const { shell } of this.#sessions) shell.kill('SIGKILL');
  }

  #canRun(command: ExecCommand): boolean {
    return this.#options.maxSessions > 0 && !this.#isClosed && canRunInSession(command);
  }

  #sessionsFor({ container, user }: ExecCommand): ContainerSessions {
    const key = `${container} ${user ?? ''}`;
    const sessions = this.#containers.get(key) ?? new ContainerSessions(container, user);
    if (!this.#containers.has(key)) this.#removeUnused();
    this.#containers.set(key, sessions);
    sessions.lastUsedAt = performance.now();
    return sessions;
  }

  /** Removes containers without sessions that have not been used for long. */
  #removeUnused(): void {
    const before = performance.now() - Math.max(this.#options.idleTimeoutMs, cooldownMs);
    for (const [key, { count, lastUsedAt }] of this.#containers) if (count === 0 && lastUsedAt < before) this.#containers.delete(key);
  }

  /** Opens the container's first session once podman is idle; gives up if that takes as long as a session may be idle. */
  async #openWhenIdle(sessions: ContainerSessions): Promise<void> {
    const { processLimit, idleTimeoutMs } = this.#options;
    const deadline = performance.now() + idleTimeoutMs;
    for (let idleStreak = 0; idleStreak < idleChecks; ) {
      await delay(idleCheckIntervalMs, undefined, { ref: false });
      if (performance.now() >= deadline) return;
      idleStreak = processLimit.activeCount + processLimit.pendingCount > 0 ? 0 : idleStreak + 1;
    }
    if (sessions.count === 0) this.#openOneMore(sessions);
  }

  /** Opens one more session in the background, if the limit and the cooldown allow it. */
  #openOneMore(sessions: ContainerSessions): void {
    if (this.#isClosed || sessions.openingCount > 0) return;
    if (performance.now() < sessions.cooldownUntil) {
      void this.#endCooldownIfReplaced(sessions).catch(() => undefined);
      return;
    }
    if (!this.#hasRoom(sessions)) return;
    this.#count += 1;
    sessions.count += 1;
    sessions.openingCount += 1;
    const opening = this.#openingLimit(() => this.#open(sessions)).catch(() => undefined);
    this.#opening.add(opening);
    void opening.finally(() => this.#opening.delete(opening));
  }

  async #open(sessions: ContainerSessions): Promise<void> {
    const { container, user } = sessions;
    // Resolved now: another container may have the name when the opening has failed.
    const [session, id] = this.#isClosed
      ? []
      : await Promise.all([
          this.#options.open(container, user).catch(() => undefined),
          this.#options.idOf(container).catch(() => undefined),
        ]);
    sessions.openingCount -= 1;
    if (!session || this.#isClosed) {
      this.#count -= 1;
      sessions.count -= 1;
      const until = performance.now() + Math.min(cooldownMs, firstOpenCooldownMs * 2 ** sessions.failedOpenings);
      sessions.failedOpenings += 1;
      sessions.coolDown(id, until);
      await session?.shell.close();
      return;
    }
    sessions.failedOpenings = 0;
    this.#sessions.add(session);
    void session.shell.ended.then(() => {
      this.#sessions.delete(session);
      this.#count -= 1;
      sessions.drop(session);
    });
    sessions.release(session, this.#options.idleTimeoutMs);
  }

  /** Ends the cooldown if its container was replaced by another of the same name, or did not exist any more when it began. */
  async #endCooldownIfReplaced(sessions: ContainerSessions): Promise<void> {
    const id = await this.#options.idOf(sessions.container);
    if (id === undefined || id === sessions.cooldownId) return;
    sessions.reset();
    this.#openOneMore(sessions);
  }

  /** Whether there may be one more session. If not, closes the one of another container that has been idle for longest. */
  #hasRoom(sessions: ContainerSessions): boolean {
    if (this.#count < this.#options.maxSessions) return true;
    const before = performance.now() - evictableAfterMs;
    const evictable = [...this.#containers.values()].filter(other => other !== sessions && (other.idleSince ?? Infinity) < before);
    evictable.sort((one, other) => (one.idleSince ?? 0) - (other.idleSince ?? 0))[0]?.closeOldest();
    return false;
  }
}
