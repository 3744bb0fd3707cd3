import { type EventPublisher, maxEventAgeMs } from '@podman-api/cluster';
import { shortId } from '@podman-api/operations';
import { waitAtMost } from '@podman-api/runtime';
import type { PodmanEvent } from './events.ts';

/** Time limit for Redis to return the time of the node's last event. */
const readTimeoutMs = 5000;
/** Time before the last event that is read again, because podman's processes may log events a little late. */
const overlapMs = 2000;

/** Forwards the events of this host to the fleet. */
export interface EventForwarder {
  /** Returns the time from which events are to be forwarded, in ms since 1970. */
  readStart(): Promise<number>;
  forward(event: PodmanEvent): void;
  /** Records that events may be missing, because Redis may have lost its latest writes. */
  recordPossibleLoss(): void;
}

/**
 * Creates a forwarder. It starts after the node's last forwarded event, because podman keeps its events in a log. If that is too long
 * ago, or Redis does not answer, it records a gap.
 */
export function createEventForwarder(publisher: EventPublisher, node: string): EventForwarder {
  /** The last health of each container with a health check: podman reports one for each check. */
  const healths = new Map<string, string>();
  let hasStarted = false;
  return {
    async readStart() {
      const nowMs = Date.now();
      const read = publisher.readLastTime().then(
        lastMs => ({ lastMs }),
        () => undefined,
      );
      const answer = await waitAtMost(readTimeoutMs, read);
      const lastMs = answer?.lastMs ?? nowMs;
      const isComplete = answer !== undefined && lastMs >= nowMs - maxEventAgeMs;
      if (!isComplete) publisher.publishGap();
      hasStarted = true;
      return Math.max(lastMs, nowMs - maxEventAgeMs) - overlapMs;
    },
    forward({ type, action, id, name, image, time, exitCode, health }) {
      // Left out: there is one for each exec, and callers see execs in their jobs.
      if (action === 'exec_died') return;
      const isHealth = action === 'health_status';
      if (isHealth && healths.get(id) === health) return;
      if (isHealth) healths.set(id, health);
      if (action === 'remove' || action === 'died') healths.delete(id);
      publisher.publish({
        type,
        action,
        resource_id: shortId(id),
        full_id: id,
        name,
        image: type === 'container' ? image : null,
        node,
        time,
        exit_code: action === 'died' && exitCode !== null && exitCode >= 0 ? exitCode : null,
        health: isHealth ? health : null,
      });
    },
    recordPossibleLoss() {
      // The first connection to Redis cannot have lost anything.
      if (hasStarted) publisher.publishGap();
    },
  };
}
