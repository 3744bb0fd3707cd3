import { setTimeout as delay } from 'node:timers/promises';

const firstPauseMs = 10;
/** Many conditions run podman, which takes a tenth of a second of CPU time. */
const maxPauseMs = 200;

/**
 * Evaluates a condition until it is truthy, with growing pauses (10 to 200 ms). Only the time limit of the test ends it.
 * @returns the truthy value
 */
export async function until<Value>(condition: () => Promise<Value> | Value): Promise<NonNullable<Value>> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, maxPauseMs)) {
    const value = await condition();
    if (value) return value;
    await delay(pauseMs);
  }
}
