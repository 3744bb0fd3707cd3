import { ApiError } from '@podman-api/errors';
import type { ContainerEvent, ContainerFeed, ContainerState } from '../../container-feed.ts';
import { shortId } from '../../short-id.ts';

/** How a job reacts to the changes of the container that it follows. */
export interface ContainerChanges {
  /**
   * @param isOld whether it happened before the subscription, so that it does not describe the present state: the worker gets events
   *   again when it starts podman's stream of events again
   */
  onEvent(event: ContainerEvent, isOld: boolean): void;
  /** Called for each list, because events may be lost. @param state `undefined` if the container is gone */
  onState(state: ContainerState | undefined): void;
  /** Called when the worker shuts down. @param error (503) for the caller */
  onStop(error: ApiError): void;
}

/** A subscription to the changes of one container. */
export interface ContainerSubscription {
  /**
   * Passes on the events of a container since the subscription, and what follows. Call it once, with the container that was found
   * after the subscription.
   */
  follow(id: string, changes: ContainerChanges): void;
  end(): void;
}

/**
 * Subscribes to the changes of a container before it is looked up, so that no event is missed.
 * @param advice what the caller can do when the worker shuts down, such as `send the request again`
 */
export function subscribeToContainer(feed: ContainerFeed, advice: string): ContainerSubscription {
  const subscribedAtMs = Date.now();
  const early: ContainerEvent[] = [];
  let isStopped = false;
  let followed: { readonly id: string; readonly changes: ContainerChanges } | undefined;
  const pass = (event: ContainerEvent) => {
    if (followed?.id === event.id) followed.changes.onEvent(event, event.timeMs < subscribedAtMs);
  };
  const stop = () => {
    isStopped = true;
    followed?.changes.onStop(new ApiError('ServiceUnavailableError', `The node's worker is shutting down: ${advice}.`));
  };
  const unsubscribe = feed.subscribe({
    onEvent(event) {
      if (followed) pass(event);
      else early.push(event);
    },
    onList(containers, startedAtMs) {
      // A list from before the container was found shows nothing new.
      if (followed && startedAtMs >= subscribedAtMs) followed.changes.onState(containers.get(followed.id));
    },
    onStop: stop,
  });
  return {
    follow(id, changes) {
      followed = { id: shortId(id), changes };
      for (const event of early.splice(0)) pass(event);
      if (isStopped) stop();
    },
    end: unsubscribe,
  };
}
