import { waitAtMost } from '@podman-api/runtime';
import pLimit from 'p-limit';
import type { ContainerSessions } from './container-sessions.ts';
import type { Session } from './session.ts';

/** Maximum number of sessions that are opened at the same time; each starts a podman. */
const maxConcurrentOpenings = 2;
/** Time without new sessions for a container after several in a row could not be used again. */
export const cooldownMs = 60_000;
/**
 * Time without new sessions after one could not be opened, which may succeed a moment later on a busy host; it doubles with each
 * failure, up to `cooldownMs`.
 */
const firstOpenCooldownMs = 5000;
/** A session may be closed in favor of another container after this time without a command. */
const evictableAfterMs = 1000;
/** A busy host takes seconds to search a container for the shell's processes and to kill them. */
const closeTimeoutMs = 20_000;

/** Settings and dependencies for opening sessions. */
export interface SessionOpenerOptions {
  /** Maximum number of sessions of all containers together; 0 turns them off. */
  readonly maxSessions: number;
  /** Time after which a session without a command is closed. */
  readonly idleTimeoutMs: number;
  /** Opens a session, `undefined` if the container can have none; rejects if podman fails. */
  readonly open: (container: string, user: string | undefined) => Promise<Session | undefined>;
  /** Resolves a reference to a container's full id, `undefined` if there is none. */
  readonly resolveId: (container: string) => Promise<string | undefined>;
}

/** Opens sessions in the background, within the limit of sessions, and closes them all at the end. */
export class SessionOpener {
  readonly #options: SessionOpenerOptions;
  readonly #containers: ReadonlyMap<string, ContainerSessions>;
  readonly #sessions = new Set<Session>();
  readonly #openingLimit = pLimit(maxConcurrentOpenings);
  /** Openings in progress. */
  readonly #opening = new Set<Promise<void>>();
  #count = 0;
  #isClosed = false;

  /** @param containers all containers that may have sessions */
  constructor(options: SessionOpenerOptions, containers: ReadonlyMap<string, ContainerSessions>) {
    this.#options = options;
    this.#containers = containers;
  }

  /** Number of sessions, including those that are being opened. */
  get count(): number {
    return this.#count;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Closes all sessions, also those that are being opened; after 20 seconds podman's processes for them are killed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closing = [...this.#sessions].map(({ shell }) => shell.close());
    await waitAtMost(closeTimeoutMs, Promise.all([...closing, ...this.#opening]));
    for (const { shell } of this.#sessions) shell.kill('SIGKILL');
  }

  /**
   * Opens one more session in the background, if the limit and the cooldown allow it.
   * @returns as `open`; `undefined` if none is opened
   */
  openOneMore(sessions: ContainerSessions): Promise<void> | undefined {
    if (this.#isClosed || sessions.openingCount > 0) return undefined;
    if (performance.now() < sessions.cooldownUntilMs) {
      void this.#endCooldownIfReplaced(sessions).catch(() => undefined);
      return undefined;
    }
    return this.#hasRoom(sessions) ? this.open(sessions) : undefined;
  }

  /** Opens a session regardless of the limit. Resolves when it is open or has failed. */
  async open(sessions: ContainerSessions): Promise<void> {
    this.#count += 1;
    sessions.count += 1;
    sessions.openingCount += 1;
    const opening = this.#openingLimit(() => this.#open(sessions)).catch(() => undefined);
    this.#opening.add(opening);
    await opening.finally(() => this.#opening.delete(opening));
  }

  async #open(sessions: ContainerSessions): Promise<void> {
    const { container, user } = sessions;
    // Resolved now: another container may have the name when the opening has failed.
    const [session, id] = this.#isClosed
      ? []
      : await Promise.all([
          this.#options.open(container, user).catch(() => undefined),
          this.#options.resolveId(container).catch(() => undefined),
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
    const id = await this.#options.resolveId(sessions.container);
    if (id === undefined || id === sessions.cooldownId) return;
    sessions.reset();
    void this.openOneMore(sessions);
  }

  /** Whether there may be one more session. If not, closes the one of another container that has been idle for longest. */
  #hasRoom(sessions: ContainerSessions): boolean {
    const ordinary = [...new Set(this.#containers.values())].filter(({ isKept }) => !isKept);
    if (ordinary.reduce((sum, { count }) => sum + count, 0) < this.#options.maxSessions) return true;
    const before = performance.now() - evictableAfterMs;
    const evictable = ordinary.filter(other => other !== sessions && (other.idleSinceMs ?? Infinity) < before);
    evictable.sort((one, other) => (one.idleSinceMs ?? 0) - (other.idleSinceMs ?? 0))[0]?.closeOldest();
    return false;
  }
}
