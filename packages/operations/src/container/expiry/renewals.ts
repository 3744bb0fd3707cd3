/**
 * Until when containers of a node are to live, where that was said after they were made, in ms since 1970, by the
 * short ids of the containers. All workers of the node share them.
 */
export interface Renewals {
  get(id: string): number | undefined;
  /**
   * Sets when a container expires, unless a renewal that was requested later has done so: a renewal that is sent again, or
   * replayed by somebody who can write to Redis, changes nothing.
   * @param expires in ms since 1970
   * @param requestedAt in ms since 1970
   * @returns when the container expires now
   */
  set(id: string, expires: number, requestedAt: number): number;
  /**
   * Whether a worker is about to remove a container, for its time is over: it looks once more whether that was set anew
   * after it has said so.
   */
  isEnding(id: string): boolean;
}
