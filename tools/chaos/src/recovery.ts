import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRecord } from './faults/run.ts';
import { send } from './http/send.ts';

/** A request for the list of containers that succeeded; times are in ms since 1970. */
export interface Success {
  readonly askedAt: number;
  readonly at: number;
}

const pause = 300;

/**
 * Requests the list of containers from an API process repeatedly while `shouldContinue` returns true. @returns the
 * requests that succeeded
 */
export async function probeRecovery(api: string, shouldContinue: () => boolean): Promise<Success[]> {
  const successes: Success[] = [];
  while (shouldContinue()) {
    const askedAt = Date.now();
    const outcome = await send(api, { method: 'GET', path: '/containers' });
    if (typeof outcome !== 'string' && outcome.status === 200) successes.push({ askedAt, at: Date.now() });
    await delay(pause);
  }
  return successes;
}

/**
 * Returns the longest time from the end of a fault to the next successful list, in ms. Faults that another fault
 * follows before that are left out.
 */
export function longestRecovery(successes: readonly Success[], faults: readonly FaultRecord[]): number {
  const recoveries = faults.flatMap(({ end = Number.POSITIVE_INFINITY }) => {
    const next = successes.find(({ askedAt }) => askedAt >= end);
    const disturbed = faults.some(other => other.at < (next?.at ?? 0) && (other.end ?? Number.POSITIVE_INFINITY) > end);
    return next && !disturbed ? [next.at - end] : [];
  });
  return Math.max(0, ...recoveries);
}
