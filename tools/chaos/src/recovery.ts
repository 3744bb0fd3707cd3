import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRecord } from './faults/run.ts';
import { send } from './http/send.ts';

/** A list of the containers that came back; times are in ms since 1970. */
export interface Success {
  readonly askedAt: number;
  readonly at: number;
}

const pause = 300;

/** Asks an API process for a list again and again until it shall no more; gives each time that went well. */
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

/** How long it took at most from a fault's end until a list came back, where no other fault came between, in ms. */
export function longestRecovery(successes: readonly Success[], faults: readonly FaultRecord[]): number {
  const recoveries = faults.flatMap(({ end = Number.POSITIVE_INFINITY }) => {
    const next = successes.find(({ askedAt }) => askedAt >= end);
    const disturbed = faults.some(other => other.at < (next?.at ?? 0) && (other.end ?? Number.POSITIVE_INFINITY) > end);
    return next && !disturbed ? [next.at - end] : [];
  });
  return Math.max(0, ...recoveries);
}
