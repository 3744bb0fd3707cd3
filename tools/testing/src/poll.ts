import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until the answer is truthy, and gives that; the test's own time limit ends it. */
export async function until<Value>(ask: () => Promise<Value> | Value): Promise<NonNullable<Value>> {
  for (;;) {
    const value = await ask();
    if (value) return value;
    await delay(20);
  }
}
