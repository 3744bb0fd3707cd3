import { setTimeout as delay } from 'node:timers/promises';
import { send } from './http/send.ts';

/** Time limit for the start of the service. */
const timeoutMs = 60_000;

/** Resolves when every API process lists the containers. @throws Error if one does not within a minute */
export async function awaitReady(apis: readonly string[]): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (const api of apis) {
    for (;;) {
      const outcome = await send(api, { method: 'GET', path: '/containers' });
      if (typeof outcome !== 'string' && outcome.status === 200) break;
      if (Date.now() > until) throw new Error(`${api} does not list the containers: ${JSON.stringify(outcome)}`);
      await delay(100);
    }
  }
}
