import type { Redis } from 'ioredis';
import type { Outcome } from '../job.ts';
import { keys } from '../names.ts';
import { readEnd, readMessage } from '../record.ts';

/** How often the outcomes of the jobs that are waited for are read, for what pub/sub lost, in ms. */
const pollEvery = 1000;

/** Waits for jobs to end: one channel for all of an API process, and a slow poll for what that lost. */
export interface Waiter {
  /** The channel to which workers tell outcomes. */
  readonly channel: string;
  /** The ids of the jobs that are waited for. */
  readonly waiting: ReadonlySet<string>;
  /**
   * Waits for a job; call it before the job is added, so that no outcome comes too early.
   * @param signal ends the wait, which then gives nothing
   */
  wait(id: string, signal: AbortSignal): Promise<Outcome | undefined>;
  /** Ends a wait with an outcome that is known otherwise. */
  settle(id: string, outcome: Outcome): void;
  /** Ends a wait without one. */
  forget(id: string): void;
  stop(): void;
}

/**
 * @param commands a connection that fails fast
 * @param subscriber a connection of its own, which Redis wants for subscribing
 */
export function createWaiter(commands: Redis, subscriber: Redis, apiProcess: string): Waiter {
  const channel = keys.outcomes(apiProcess);
  const waits = new Map<string, (outcome: Outcome | undefined) => void>();
  const settle = (id: string, outcome: Outcome | undefined) => {
    waits.get(id)?.(outcome);
    waits.delete(id);
  };

  subscriber.subscribe(channel).catch(() => {});
  subscriber.on('message', (_channel, message) => {
    const { id, outcome } = readMessage(message);
    settle(id, outcome);
  });
  const poll = setInterval(() => {
    for (const id of waits.keys()) {
      readEnd(commands, id).then(
        ({ outcome }) => outcome && settle(id, outcome),
        () => {},
      );
    }
  }, pollEvery);

  return {
    channel,
    get waiting() {
      return new Set(waits.keys());
    },
    wait(id, signal) {
      return new Promise(resolve => {
        waits.set(id, resolve);
        signal.addEventListener('abort', () => settle(id, undefined), { once: true });
      });
    },
    settle,
    forget: id => settle(id, undefined),
    stop() {
      clearInterval(poll);
    },
  };
}
