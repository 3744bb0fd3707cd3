import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRecord } from './faults/run.ts';
import { send } from './http/send.ts';

/** A request for the list of containers that succeeded; times are in ms since 1970. */
export interface SuccessfulRequest {
  readonly requestedAtMs: number;
  readonly succeededAtMs: number;
}

const pauseMs = 300;

/**
 * Requests the list of containers from an API process repeatedly while `shouldContinue` returns true. @returns the
 * requests that succeeded
 */
export async function probeRecovery(api: string, shouldContinue: () => boolean): Promise<SuccessfulRequest[]> {
  const successes: SuccessfulRequest[] = [];
  while (shouldContinue()) {
    const requestedAtMs = Date.now();
    const outcome = await send(api, { method: 'GET', path: '/containers' });
    if (typeof outcome !== 'string' && outcome.status === 200) successes.push({ requestedAtMs, succeededAtMs: Date.now() });
    await delay(pauseMs);
  }
  return successes;
}

/**
 * Returns the longest time from the end of a fault to the next successful list, in ms. Faults that another fault
 * follows before that are left out.
 */
export function findLongestRecoveryMs(successes: readonly SuccessfulRequest[], faults: readonly FaultRecord[]): number {
  const recoveries = faults.flatMap(({ endedAtMs = Number.POSITIVE_INFINITY }) => {
    const next = successes.find(({ requestedAtMs }) => requestedAtMs >= endedAtMs);
    const isInterrupted = faults.some(
      other => other.startedAtMs < (next?.succeededAtMs ?? 0) && (other.endedAtMs ?? Number.POSITIVE_INFINITY) > endedAtMs,
    );
    return next && !isInterrupted ? [next.succeededAtMs - endedAtMs] : [];
  });
  return Math.max(0, ...recoveries);
}
