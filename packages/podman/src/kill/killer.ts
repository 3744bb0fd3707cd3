import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../process.ts';
import { signalInContainer } from './in-container.ts';
import { signalOnHost } from './on-host.ts';

/** Sends a signal to every process whose environment holds the variable, and returns how many there were; `0` only counts. */
export type SendSignal = (name: 'TERM' | 'KILL' | '0', container: string, variable: string) => Promise<number>;

/** Time between SIGTERM and SIGKILL unless the caller sets another. */
export const defaultKillGraceMs = 2000;
/** Limit for processes to end after SIGKILL; generous, because a busy host takes a while to end many. */
const killTimeoutMs = 30_000;
const pollIntervalMs = 50;

/**
 * The host's own `/proc` shows the processes of every container, with or without a shell in
 * its image; but only to root, and not where podman runs on another machine. There a script in the container
 * does the same.
 */
export function createSignaller(host: Host, idOf: (container: string) => Promise<string | undefined>): SendSignal {
  const isLocal = process.getuid?.() === 0 && process.env['CONTAINER_HOST'] === undefined;
  return isLocal ? signalOnHost(idOf) : signalInContainer(host);
}

/**
 * See `Podman.kill`. SIGTERM is sent once, to the processes that run at that moment: what a process starts in order to
 * clean up, from its trap for example, may do so undisturbed until the grace period ends.
 */
export function createKill(send: SendSignal): (container: string, variable: string, graceMs?: number) => Promise<void> {
  return async (container, variable, graceMs = defaultKillGraceMs) => {
    if (graceMs > 0) {
      if ((await send('TERM', container, variable)) === 0) return;
      if (await areGoneWithin(graceMs, () => send('0', container, variable))) return;
    }
    if (await areGoneWithin(killTimeoutMs, () => send('KILL', container, variable))) return;
    throw new Error(`processes with ${variable} in container ${container} do not end on SIGKILL`);
  };
}

/**
 * Counts again and again until no process is left, or the time is over. One count of 0 is not enough: a process can start
 * another one and end between the reading of the list and the reading of its environment.
 */
async function areGoneWithin(timeoutMs: number, count: () => Promise<number>): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if ((await count()) === 0 && (await count()) === 0) return true;
    if (performance.now() >= deadline) return false;
    await delay(pollIntervalMs);
  }
}
