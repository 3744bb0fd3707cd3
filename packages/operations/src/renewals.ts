/**
 * Expiry times of a node's containers that were set after the containers were created, by the containers' short ids. All
 * workers of the node share them.
 */
export interface Renewals {
  /** Returns when a container expires, in ms since 1970; `undefined` if it was not renewed. */
  get(id: string): number | undefined;
  /**
   * Sets when a container expires, unless a renewal that was requested later has done so: a renewal that is sent again, or
   * replayed by a process with access to Redis, changes nothing.
   * @param expiresAtMs in ms since 1970
   * @param requestedAtMs in ms since 1970
   * @returns when the container expires now
   */
  set(id: string, expiresAtMs: number, requestedAtMs: number): number;
  /**
   * Returns whether a worker is about to remove an expired container. The worker checks for a renewal once more after it has
   * announced the removal.
   */
  isEnding(id: string): boolean;
}
