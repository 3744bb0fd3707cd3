/**
 * Until when containers of a node are to live, where that was said after they were made, in ms since 1970, by the
 * short ids of the containers. All workers of the node share them.
 */
export interface Renewals {
  get(id: string): number | undefined;
  set(id: string, expires: number): void;
  /**
   * Whether a worker is about to remove a container, for its time is over: it looks once more whether that was set anew
   * after it has said so.
   */
  isEnding(id: string): boolean;
}
