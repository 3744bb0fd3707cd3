import { setTimeout as delay } from 'node:timers/promises';
import type { IdentifiedContainer } from '../state/container-ids.ts';
import type { SendSignal } from './send-signal.ts';

/** Time between SIGTERM and SIGKILL unless the caller sets another. */
const defaultKillGraceMs = 2000;
/** Time limit for processes to end after SIGKILL; generous, because a busy host takes a while to end many. */
const killTimeoutMs = 30_000;
const pollIntervalMs = 50;

/**
 * Returns the function for `Podman.kill`. SIGTERM is sent once, to the processes that run at that moment. Processes that are
 * started for a clean-up, for example by a trap, are not disturbed until the grace period ends.
 */
export function createKill(send: SendSignal): (container: IdentifiedContainer, variable: string, graceMs?: number) => Promise<boolean> {
  return async (container, variable, graceMs = defaultKillGraceMs) => {
    if (graceMs > 0) {
      if ((await send('SIGTERM', container, variable)) === 0) return false;
      if (await waitUntilGone(graceMs, () => send('0', container, variable))) return true;
    }
    let hasSignalled = graceMs > 0;
    const kill = async () => {
      const count = await send('SIGKILL', container, variable);
      hasSignalled ||= count > 0;
      return count;
    };
    if (await waitUntilGone(killTimeoutMs, kill)) return hasSignalled;
    throw new Error(`processes with ${variable} in container ${container.reference} did not exit after SIGKILL`);
  };
}

/**
 * Counts repeatedly until no process is left or the time is over. One count of 0 is not enough: a process can start
 * another one and end between the reading of the list and the reading of its environment.
 */
async function waitUntilGone(timeoutMs: number, count: () => Promise<number>): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    if ((await count()) === 0 && (await count()) === 0) return true;
    if (performance.now() >= deadlineMs) return false;
    await delay(pollIntervalMs);
  }
}
