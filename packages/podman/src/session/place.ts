import type { Session } from './session.ts';

/** A session that has nothing to do. */
interface Idle {
  readonly session: Session;
  /** Closes it. */
  readonly timer: NodeJS.Timeout;
  /** Since when, by the process's clock. */
  readonly since: number;
}

/** The sessions of one container and user. */
export class Place {
  readonly container: string;
  readonly user: string | undefined;
  /** How many sessions there are, those that are being opened among them. */
  count = 0;
  opening = 0;
  /** How many commands found no session. */
  missed = 0;
  /** How many sessions in a row were left behind in use. */
  spoilt = 0;
  /** How many openings in a row have failed. */
  failedOpenings = 0;
  /** Until when no session is opened, by the process's clock. */
  barredUntil = 0;
  /** When a command was last here, by the process's clock. */
  usedAt = 0;
  readonly #idle: Idle[] = [];
  readonly #waiting: ((session: Session | undefined) => void)[] = [];

  constructor(container: string, user: string | undefined) {
    this.container = container;
    this.user = user;
  }

  /** Since when a session has had nothing to do; nothing where all have. */
  get idleSince(): number | undefined {
    return this.#idle[0]?.since;
  }

  /** The session that was used last, or the next that is given back within so many ms. */
  take(patience: number): Session | undefined | Promise<Session | undefined> {
    const idle = this.#idle.pop();
    if (idle) {
      clearTimeout(idle.timer);
      return idle.session;
    }
    if (this.count === this.opening) return undefined;
    return new Promise(resolve => {
      const waiter = (session: Session | undefined) => {
        clearTimeout(timer);
        resolve(session);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(undefined);
      }, patience);
      this.#waiting.push(waiter);
    });
  }

  /** Gives a session to who waits for one, or keeps it for so many ms. */
  give(session: Session, idle: number): void {
    const waiter = this.#waiting.shift();
    if (waiter) {
      waiter(session);
      return;
    }
    const timer = setTimeout(() => this.#close(session), idle).unref();
    this.#idle.push({ session, timer, since: performance.now() });
  }

  /** Closes the session that has had nothing to do for longest. */
  closeOne(): void {
    const [oldest] = this.#idle;
    if (oldest) this.#close(oldest.session);
  }

  /** Forgets a session that has ended. */
  drop(session: Session): void {
    this.#close(session);
    this.count -= 1;
  }

  #close(session: Session): void {
    const at = this.#idle.findIndex(idle => idle.session === session);
    const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
    clearTimeout(idle?.timer);
    session.shell.close();
  }
}
