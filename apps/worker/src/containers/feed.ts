import type { ContainerEvent, ContainerFeed, ContainerListener, ContainerState } from '@podman-api/operations';

/** The feed of this host's containers, with what fills it. */
export interface PublishedFeed extends ContainerFeed {
  publishEvent(event: ContainerEvent): void;
  /** @param startedAtMs when podman started to list, in ms since 1970 */
  publishList(containers: ReadonlyMap<string, ContainerState>, startedAtMs: number): void;
  /** Ends the waits of all listeners, and of later ones at once. */
  stop(): void;
}

/** Creates a feed without listeners. */
export function createContainerFeed(): PublishedFeed {
  const listeners = new Set<ContainerListener>();
  let isStopped = false;
  return {
    subscribe(listener) {
      listeners.add(listener);
      if (isStopped) listener.onStop?.();
      return () => listeners.delete(listener);
    },
    publishEvent(event) {
      for (const listener of listeners) listener.onEvent?.(event);
    },
    publishList(containers, startedAtMs) {
      for (const listener of listeners) listener.onList?.(containers, startedAtMs);
    },
    stop() {
      isStopped = true;
      for (const listener of listeners) listener.onStop?.();
    },
  };
}
