import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../process.ts';
import { signalInContainer } from './in-container.ts';
import { signalOnHost } from './on-host.ts';

/** Sends a signal to every process whose environment holds the variable; gives how many there were. */
export type SendSignal = (name: 'TERM' | 'KILL', container: string, variable: string) => Promise<number>;

/** How long processes may take to end after TERM, and then after KILL, in ms. */
const patience = { TERM: 2000, KILL: 5000 } as const;
const lookEvery = 50;

/**
 * The host's own `/proc` shows the processes of every container, with or without a shell in
 * its image; but only to root, and not where podman runs on another machine. There a script in the container
 * does the same.
 */
export function signaller(host: Host): SendSignal {
  const local = process.getuid?.() === 0 && process.env['CONTAINER_HOST'] === undefined;
  return local ? signalOnHost : signalInContainer(host);
}

/** See `Podman.kill`. */
export function killer(send: SendSignal): (container: string, variable: string) => Promise<void> {
  return async (container, variable) => {
    for (const name of ['TERM', 'KILL'] as const) {
      const until = performance.now() + patience[name];
      do {
        if ((await send(name, container, variable)) === 0) return;
        await delay(lookEvery);
      } while (performance.now() < until);
    }
    throw new Error(`processes with ${variable} in container ${container} do not end on SIGKILL`);
  };
}
