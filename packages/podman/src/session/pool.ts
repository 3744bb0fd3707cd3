import { setTimeout as delay } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Captured, CaptureOptions, CommandOptions } from '../types.ts';
import { type Watch, watched } from '../watch.ts';
import { fitsSession } from './fits.ts';
import { Place } from './place.ts';
import type { SessionCommand } from './request.ts';
import type { Session } from './session.ts';

/** How many are opened at once, each of them a podman's start. */
const openingsAtOnce = 2;
/** How long a command waits for a session of its container that another has, in ms: less than podman would take. */
const patience = 50;
/** After waiting for so long, in ms, one more session is wanted. */
const tooLong = 10;
/** Time without sessions for a container where several in a row were left behind in use. */
const barredFor = 60_000;
/**
 * The same after a session could not be opened: on a busy host that may work a moment later, so this is the first time,
 * which doubles with each failure, up to `barredFor`.
 */
const firstOpenCooldownMs = 5000;
const spoiltInRow = 3;
/**
 * How often it is looked whether podman has nothing to do, in ms, and how often in a row it must be so: whoever uses one
 * container after another pauses between them, and what is opened then takes as long as the next first command.
 */
const lookEvery = 100;
const quietLooks = 5;
/** A session makes room for another container's after so many ms without anything to do. */
const settled = 1000;
/** How long sessions may take to close, in ms. */
const closing = 3000;

export interface PoolOptions {
  /** How many sessions there may be; with 0 there are none. */
  readonly limit: number;
  /** How long one may have nothing to do, in ms. */
  readonly idle: number;
  readonly open: (container: string, user: string | undefined) => Promise<Session | undefined>;
  /** Podman's processes; commands in sessions count among them, sessions that have nothing to do do not. */
  readonly room: LimitFunction;
  /** Hears of each command. */
  readonly watch: Watch | undefined;
}

/** What a session runs, for who hears of it. */
const execInSession = { verb: 'exec', inSession: true } as const;

/** Keeps sessions for containers that are used repeatedly. */
export class SessionPool {
  readonly #options: PoolOptions;
  readonly #places = new Map<string, Place>();
  readonly #sessions = new Set<Session>();
  readonly #openings = pLimit(openingsAtOnce);
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
   * @returns nothing where it has not been run
   */
  async run(options: CaptureOptions): Promise<Captured | undefined> {
    const command = this.#fitting(options);
    if (!command) return undefined;
    const { room, idle, watch } = this.#options;
    const place = this.#placeOf(command);
    const asked = performance.now();
    const session = await place.take(patience);
    if (performance.now() - asked > tooLong) this.#want(place);
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
        place.spoilt = isClean ? 0 : place.spoilt + 1;
        if (place.spoilt >= spoiltInRow) place.barredUntil = performance.now() + barredFor;
        if (isClean && !this.#closed) place.give(session, idle);
        else session.shell.close();
      });
      if (exitCode !== undefined) this.#ran += 1;
      return exitCode === undefined ? undefined : { exitCode, words: new Uint8Array() };
    } catch (error) {
      session.shell.close();
      throw error;
    }
  }

  /** Runs a command by podman alone; the container may have sessions from then on. */
  async without<Result>(options: CommandOptions, cold: () => Promise<Result>): Promise<Result> {
    const command = this.#fitting(options);
    if (!command) return cold();
    const place = this.#placeOf(command);
    place.missed += 1;
    const first = place.missed === 1;
    if (!first) this.#want(place);
    try {
      return await cold();
    } finally {
      // Nobody's first command is slower for a session that somebody else may use later.
      if (first) void this.#wantWhenQuiet(place);
    }
  }

  /** Ends all sessions. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { shell } of this.#sessions) shell.close();
    const all = [...this.#sessions];
    await Promise.race([Promise.all(all.map(({ shell }) => shell.ended)), delay(closing, undefined, { ref: false })]);
    for (const { shell } of this.#sessions) shell.kill('SIGKILL');
  }

  #fitting({ session }: CommandOptions): SessionCommand | undefined {
    return session && this.#options.limit > 0 && !this.#closed && fitsSession(session) ? session : undefined;
  }

  #placeOf({ container, user }: SessionCommand): Place {
    const key = `${container} ${user ?? ''}`;
    const place = this.#places.get(key) ?? new Place(container, user);
    if (!this.#places.has(key)) this.#tidy();
    this.#places.set(key, place);
    place.usedAt = performance.now();
    return place;
  }

  /** Forgets the places where nothing has been for long. */
  #tidy(): void {
    const old = performance.now() - Math.max(this.#options.idle, barredFor);
    for (const [key, place] of this.#places) if (place.count === 0 && place.usedAt < old) this.#places.delete(key);
  }

  async #wantWhenQuiet(place: Place): Promise<void> {
    const { room, idle } = this.#options;
    const until = performance.now() + idle;
    for (let quiet = 0; quiet < quietLooks; ) {
      await delay(lookEvery, undefined, { ref: false });
      if (performance.now() >= until) return;
      quiet = room.activeCount + room.pendingCount > 0 ? 0 : quiet + 1;
    }
    if (place.count === 0) this.#want(place);
  }

  /** Opens one more session in the background, where there is room for it. */
  #want(place: Place): void {
    if (this.#closed || place.opening > 0 || performance.now() < place.barredUntil || !this.#hasRoom(place)) return;
    this.#count += 1;
    place.count += 1;
    place.opening += 1;
    void this.#openings(() => this.#open(place)).catch(() => undefined);
  }

  async #open(place: Place): Promise<void> {
    const session = this.#closed ? undefined : await this.#options.open(place.container, place.user).catch(() => undefined);
    place.opening -= 1;
    if (!session || this.#closed) {
      session?.shell.close();
      this.#count -= 1;
      place.count -= 1;
      place.barredUntil = performance.now() + Math.min(barredFor, firstOpenCooldownMs * 2 ** place.failedOpenings);
      place.failedOpenings += 1;
      return;
    }
    place.failedOpenings = 0;
    this.#sessions.add(session);
    void session.shell.ended.then(() => {
      this.#sessions.delete(session);
      this.#count -= 1;
      place.drop(session);
    });
    place.give(session, this.#options.idle);
  }

  /** Whether there may be one more; the one that has had nothing to do for longest makes room for it soon. */
  #hasRoom(place: Place): boolean {
    if (this.#count < this.#options.limit) return true;
    const before = performance.now() - settled;
    const others = [...this.#places.values()].filter(other => other !== place && (other.idleSince ?? Infinity) < before);
    others.sort((one, other) => (one.idleSince ?? 0) - (other.idleSince ?? 0))[0]?.closeOne();
    return false;
  }
}
