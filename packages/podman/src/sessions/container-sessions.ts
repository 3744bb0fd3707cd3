import type { Session } from './session.ts';

/** A session that runs no command. */
interface IdleSession {
  readonly session: Session;
  /** Closes the session after a while; `undefined` if it is kept. */
  readonly timer: NodeJS.Timeout | undefined;
  /** When its last command ended, by this process's clock in ms. */
  readonly idleSinceMs: number;
}

/** The sessions of one container and user. */
export class ContainerSessions {
  /** The reference that callers use. */
  readonly container: string;
  readonly user: string | undefined;
  /** Sessions that exist or are being opened. */
  count = 0;
  /** Sessions that are being opened. */
  openingCount = 0;
  /** Commands that ran without a session. */
  missedCommands = 0;
  /** Sessions in a row that could not be used again, because a background process held the pipes of their command. */
  dirtyStreak = 0;
  /** Attempts in a row to open a session that failed. */
  failedOpenings = 0;
  /** End of the time in which no session is opened, by this process's clock in ms. */
  cooldownUntilMs = 0;
  /** Full id of the container that the cooldown is about; `undefined` if it is not known. */
  cooldownId: string | undefined;
  /** Time of the last command by this process's clock, in ms. */
  lastUsedAtMs = 0;
  /** Resolves when the session that is opened before the first command is open, or has failed; `undefined` if there is none. */
  earlyOpening: Promise<void> | undefined;
  /** Whether the session is kept without a time limit until `endKeeping`. */
  isKept = false;
  readonly #idle: IdleSession[] = [];
  readonly #waiting: ((session: Session | undefined) => void)[] = [];

  constructor(container: string, user: string | undefined) {
    this.container = container;
    this.user = user;
  }

  /** Number of sessions that run no command. */
  get idleCount(): number {
    return this.#idle.length;
  }

  /** Since when the longest idle session is idle, by this process's clock in ms; `undefined` if all are in use. */
  get idleSinceMs(): number | undefined {
    return this.#idle[0]?.idleSinceMs;
  }

  /** Prevents new sessions of a container until a time by this process's clock in ms. */
  coolDown(containerId: string | undefined, untilMs: number): void {
    this.cooldownId = containerId;
    this.cooldownUntilMs = untilMs;
  }

  /** Clears failures and the cooldown, which were about another container of this name. */
  reset(): void {
    this.dirtyStreak = 0;
    this.failedOpenings = 0;
    this.coolDown(undefined, 0);
  }

  /** Returns the session that was used last, or the next one that is released within the timeout; `undefined` if there is none. */
  acquire(timeoutMs: number): Session | undefined | Promise<Session | undefined> {
    const idle = this.#idle.pop();
    if (idle) {
      clearTimeout(idle.timer);
      return idle.session;
    }
    if (this.count === this.openingCount) return undefined;
    return new Promise(resolve => {
      const waiter = (session: Session | undefined) => {
        clearTimeout(timer);
        resolve(session);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(undefined);
      }, timeoutMs);
      this.#waiting.push(waiter);
    });
  }

  /** Gives a session to a command that waits for one, or keeps it open for a while. */
  release(session: Session, idleTimeoutMs: number): void {
    const waiter = this.#waiting.shift();
    if (waiter) {
      waiter(session);
      return;
    }
    const timer = this.isKept ? undefined : setTimeout(() => this.#close(session), idleTimeoutMs).unref();
    this.#idle.push({ session, timer, idleSinceMs: performance.now() });
  }

  /** Makes a kept session an ordinary one, which is closed after a while without a command. */
  endKeeping(idleTimeoutMs: number): void {
    this.isKept = false;
    for (const { session } of this.#idle.splice(0)) this.release(session, idleTimeoutMs);
  }

  /** Closes the session that has been idle for longest. */
  closeOldest(): void {
    const [oldest] = this.#idle;
    if (oldest) this.#close(oldest.session);
  }

  /** Removes a session that has ended. */
  drop(session: Session): void {
    this.#close(session);
    this.count -= 1;
  }

  #close(session: Session): void {
    const at = this.#idle.findIndex(idle => idle.session === session);
    const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
    clearTimeout(idle?.timer);
    void session.shell.close();
  }
}
