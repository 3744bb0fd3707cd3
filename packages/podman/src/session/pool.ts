import { setTimeout as delay } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { ExecCommand } from '../exec/command.ts';
import type { ExecOptions, ExecResult } from '../types.ts';
import { type Watch, watched } from '../watch.ts';
import { ContainerSessions } from './container-sessions.ts';
import { fitsSession } from './fits.ts';
import type { Session } from './session.ts';

/** Each opening starts a podman. */
const maxOpenings = 2;
/** Time a command waits for a session of its container that is in use: less than podman would take. */
const acquireTimeoutMs = 50;
/** One more session is opened if a command waited for longer than this. */
const longWaitMs = 10;
/** Time without sessions for a container after several in a row were still in use after their command. */
const cooldownMs = 60_000;
/**
 * Time without sessions after one could not be opened, which may work a moment later on a busy host; it doubles with each
 * failure, up to `cooldownMs`.
 */
const firstOpenCooldownMs = 5000;
const maxDirtyStreak = 3;
/**
 * A container's first session is opened when podman has had nothing to do for this many checks in a row: a caller that uses
 * one container after another pauses between them, and an opening takes as long as its next first command.
 */
const quietChecks = 5;
const quietCheckIntervalMs = 100;
/** A session makes room for one of another container after this time without a command. */
const evictableAfterMs = 1000;
const closeTimeoutMs = 3000;

export interface PoolOptions {
  /** How many sessions there may be; 0 turns them off. */
  readonly limit: number;
  /** Time after which a session without a command is closed, in ms. */
  readonly idle: number;
  readonly open: (container: string, user: string | undefined) => Promise<Session | undefined>;
  /** Resolves a reference to a container's full id, `undefined` if there is none. */
  readonly idOf: (container: string) => Promise<string | undefined>;
  /** Limits podman's processes. Commands in sessions count among them; sessions without a command do not. */
  readonly room: LimitFunction;
  /** Called for each command. */
  readonly watch: Watch | undefined;
}

/** How a command in a session is reported to `watch`. */
const execInSession = { verb: 'exec', inSession: true } as const;

/** Keeps sessions for containers that are used repeatedly. */
export class SessionPool {
  readonly #options: PoolOptions;
  readonly #containers = new Map<string, ContainerSessions>();
  readonly #sessions = new Set<Session>();
  readonly #openings = pLimit(maxOpenings);
  #count = 0;
  #ran = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** How many sessions there are, those that are being opened among them. */
  get count(): number {
    return this.#count;
  }

  /** How many commands have run in sessions. */
  get ran(): number {
    return this.#ran;
  }

  /**
   * Runs a command in a session, where one can be had at once.
   * @returns `undefined` if the command was not run
   */
  async run(command: ExecCommand, options: ExecOptions): Promise<ExecResult | undefined> {
    if (!this.#fits(command)) return undefined;
    const { room, idle, watch } = this.#options;
    const sessions = this.#sessionsOf(command);
    const asked = performance.now();
    const session = await sessions.acquire(acquireTimeoutMs);
    if (performance.now() - asked > longWaitMs) this.#want(sessions);
    if (!session) return undefined;
    if (!(await session.isStill())) {
      session.shell.close();
      return undefined;
    }
    try {
      const { exitCode, clean } = await room(() =>
        watched(
          watch,
          execInSession,
          () => session.run(command, options),
          end => end.exitCode,
        ),
      );
      void clean.then(isClean => {
        sessions.dirtyStreak = isClean ? 0 : sessions.dirtyStreak + 1;
        if (sessions.dirtyStreak >= maxDirtyStreak) sessions.coolDown(session.containerId, performance.now() + cooldownMs);
        if (isClean && !this.#closed) sessions.release(session, idle);
        else session.shell.close();
      });
      if (exitCode !== undefined) this.#ran += 1;
      return exitCode === undefined ? undefined : { exitCode };
    } catch (error) {
      session.shell.close();
      throw error;
    }
  }

  /** Runs a command by podman alone; the container may have sessions from then on. */
  async without<Result>(command: ExecCommand, cold: () => Promise<Result>): Promise<Result> {
    if (!this.#fits(command)) return cold();
    const sessions = this.#sessionsOf(command);
    sessions.missed += 1;
    const first = sessions.missed === 1;
    if (!first) this.#want(sessions);
    try {
      return await cold();
    } finally {
      // Opens the session in the background so the first exec is not delayed.
      if (first) void this.#wantWhenQuiet(sessions);
    }
  }

  /** Ends all sessions. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { shell } of this.#sessions) shell.close();
    const all = [...this.#sessions];
    await Promise.race([Promise.all(all.map(({ shell }) => shell.ended)), delay(closeTimeoutMs, undefined, { ref: false })]);
    for (const { shell } of this.#sessions) shell.kill('SIGKILL');
  }

  #fits(command: ExecCommand): boolean {
    return this.#options.limit > 0 && !this.#closed && fitsSession(command);
  }

  #sessionsOf({ container, user }: ExecCommand): ContainerSessions {
    const key = `${container} ${user ?? ''}`;
    const sessions = this.#containers.get(key) ?? new ContainerSessions(container, user);
    if (!this.#containers.has(key)) this.#tidy();
    this.#containers.set(key, sessions);
    sessions.usedAt = performance.now();
    return sessions;
  }

  /** Forgets containers that have not been used for long. */
  #tidy(): void {
    const old = performance.now() - Math.max(this.#options.idle, cooldownMs);
    for (const [key, sessions] of this.#containers) if (sessions.count === 0 && sessions.usedAt < old) this.#containers.delete(key);
  }

  async #wantWhenQuiet(sessions: ContainerSessions): Promise<void> {
    const { room, idle } = this.#options;
    const until = performance.now() + idle;
    for (let quiet = 0; quiet < quietChecks; ) {
      await delay(quietCheckIntervalMs, undefined, { ref: false });
      if (performance.now() >= until) return;
      quiet = room.activeCount + room.pendingCount > 0 ? 0 : quiet + 1;
    }
    if (sessions.count === 0) this.#want(sessions);
  }

  /** Opens one more session in the background, where there is room for it. */
  #want(sessions: ContainerSessions): void {
    if (this.#closed || sessions.opening > 0) return;
    if (performance.now() < sessions.cooldownUntil) {
      void this.#endCooldownIfReplaced(sessions).catch(() => undefined);
      return;
    }
    if (!this.#hasRoom(sessions)) return;
    this.#count += 1;
    sessions.count += 1;
    sessions.opening += 1;
    void this.#openings(() => this.#open(sessions)).catch(() => undefined);
  }

  async #open(sessions: ContainerSessions): Promise<void> {
    const { container, user } = sessions;
    // Asked for now: by the end of an opening that fails, another container may have the name.
    const [session, id] = this.#closed
      ? []
      : await Promise.all([
          this.#options.open(container, user).catch(() => undefined),
          this.#options.idOf(container).catch(() => undefined),
        ]);
    sessions.opening -= 1;
    if (!session || this.#closed) {
      session?.shell.close();
      this.#count -= 1;
      sessions.count -= 1;
      const until = performance.now() + Math.min(cooldownMs, firstOpenCooldownMs * 2 ** sessions.failedOpenings);
      sessions.failedOpenings += 1;
      sessions.coolDown(id, until);
      return;
    }
    sessions.failedOpenings = 0;
    this.#sessions.add(session);
    void session.shell.ended.then(() => {
      this.#sessions.delete(session);
      this.#count -= 1;
      sessions.drop(session);
    });
    sessions.release(session, this.#options.idle);
  }

  /** Ends the cooldown if its container was replaced by another of the same name, or did not exist any more when it began. */
  async #endCooldownIfReplaced(sessions: ContainerSessions): Promise<void> {
    const id = await this.#options.idOf(sessions.container);
    if (id === undefined || id === sessions.cooldownId) return;
    sessions.reset();
    this.#want(sessions);
  }

  /** Whether there may be one more; the one that has had nothing to do for longest makes room for it soon. */
  #hasRoom(sessions: ContainerSessions): boolean {
    if (this.#count < this.#options.limit) return true;
    const before = performance.now() - evictableAfterMs;
    const others = [...this.#containers.values()].filter(other => other !== sessions && (other.idleSince ?? Infinity) < before);
    others.sort((one, other) => (one.idleSince ?? 0) - (other.idleSince ?? 0))[0]?.closeOldest();
    return false;
  }
}
