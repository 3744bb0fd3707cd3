/** Minimum time from a create to a first exec that gains from a session: podman runs an earlier exec as fast as it opens a session. */
const minDelayMs = 100;
/** Maximum time from a create to a first exec that counts as soon: a session that waits longer takes memory for little gain. */
const maxDelayMs = 10_000;
/** Weight of the last container of an image in its share, so that three in a row turn the expectation. */
const weight = 0.25;
const minShare = 0.5;
/** More than a host creates in the time of `maxDelayMs`, and more images than it uses. */
const maxEntries = 1000;

/** Learns for which images an exec usually follows a create soon, so that opening a session in between pays. */
export class FirstExecHistory {
  /** Share of the containers of each image that were used in time; later containers count for more. */
  readonly #shares = new Map<string, number>();
  /** Containers without an exec yet by name, the oldest first. */
  readonly #waiting = new Map<string, { readonly image: string; readonly createdAtMs: number }>();

  /** Records that a container was created. @returns whether an exec in it is to be expected */
  recordCreate(container: string, image: string): boolean {
    const nowMs = performance.now();
    for (const [name, { createdAtMs }] of this.#waiting) {
      if (nowMs - createdAtMs <= maxDelayMs && this.#waiting.size < maxEntries) break;
      this.#end(name, false);
    }
    this.#end(container, false);
    this.#waiting.set(container, { image, createdAtMs: nowMs });
    return (this.#shares.get(image) ?? 0) > minShare;
  }

  /** Records that a command runs in a container. */
  recordExec(container: string): void {
    const created = this.#waiting.get(container);
    if (!created) return;
    const delayMs = performance.now() - created.createdAtMs;
    this.#end(container, delayMs >= minDelayMs && delayMs <= maxDelayMs);
  }

  /** Records whether a container was used in time. */
  #end(container: string, isUsed: boolean): void {
    const created = this.#waiting.get(container);
    if (!created) return;
    this.#waiting.delete(container);
    const { image } = created;
    const share = (this.#shares.get(image) ?? 0) * (1 - weight) + (isUsed ? weight : 0);
    this.#shares.delete(image);
    const [oldest] = this.#shares.keys();
    if (oldest !== undefined && this.#shares.size >= maxEntries) this.#shares.delete(oldest);
    this.#shares.set(image, share);
  }
}
