/**
 * Minimum time from a start to a first exec for which a session pays: podman runs an earlier exec as fast as it opens a session. Several
 * execs gain at any time, because one session runs them all.
 */
const minDelayMs = 100;
/** Maximum time from a start to an exec that counts as soon: a session that waits longer takes memory for little gain. */
const maxDelayMs = 10_000;
/** Weight of the latest container of an image in its share: three in a row that differ from those before change the prediction. */
const weight = 0.25;
const minShare = 0.5;
/** Maximum number of entries: more than the containers that a host creates within `maxDelayMs`, and than the images that it uses. */
const maxEntries = 1000;

/** A container that runs. */
interface StartedContainer {
  readonly image: string;
  readonly startedAtMs: number;
  /** Commands that have run in it. */
  execs: number;
}

/** Predicts for which images execs usually follow a start soon, so that opening a session in between pays. */
export class FirstExecHistory {
  /** Share of the containers of each image in which an exec followed in time; later containers count for more. */
  readonly #shares = new Map<string, number>();
  /** Started containers by name, the oldest first, for which it is not known yet whether an exec follows in time. */
  readonly #waiting = new Map<string, StartedContainer>();

  /** Records that a container was started. @returns whether an exec in it is to be expected */
  recordStart(container: string, image: string): boolean {
    const nowMs = performance.now();
    for (const [name, { startedAtMs }] of this.#waiting) {
      if (nowMs - startedAtMs <= maxDelayMs && this.#waiting.size < maxEntries) break;
      this.#end(name, false);
    }
    this.#end(container, false);
    this.#waiting.set(container, { image, startedAtMs: nowMs, execs: 0 });
    return (this.#shares.get(image) ?? 0) > minShare;
  }

  /** Records that a command runs in a container. */
  recordExec(container: string): void {
    const started = this.#waiting.get(container);
    if (!started) return;
    started.execs += 1;
    const delayMs = performance.now() - started.startedAtMs;
    if (delayMs >= minDelayMs || started.execs > 1) this.#end(container, delayMs <= maxDelayMs);
  }

  /** Records whether an exec followed in time. */
  #end(container: string, isUsed: boolean): void {
    const started = this.#waiting.get(container);
    if (!started) return;
    this.#waiting.delete(container);
    const { image } = started;
    const share = (this.#shares.get(image) ?? 0) * (1 - weight) + (isUsed ? weight : 0);
    this.#shares.delete(image);
    const [oldest] = this.#shares.keys();
    if (oldest !== undefined && this.#shares.size >= maxEntries) this.#shares.delete(oldest);
    this.#shares.set(image, share);
  }
}
