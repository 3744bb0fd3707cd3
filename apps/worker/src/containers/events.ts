import { setTimeout as delay } from 'node:timers/promises';
import type { Podman } from '@podman-api/podman';

/** What podman tells of a change, as far as it is read. */
export interface Event {
  readonly ID: string;
  readonly Name: string;
  readonly Status: 'create' | 'remove' | 'rename';
  readonly Attributes?: Readonly<Record<string, string>> | null;
}

/** A podman that follows events ends after so long, in ms, so that one which nobody ends is not there for ever. */
const longest = 300_000;
/** It hears again of what was told so long before it began, in ms: nothing is lost between one and the next. */
const overlap = 2000;
/** How soon a podman that has ended is followed by another, in ms. */
const pause = 1000;

const wanted = ['create', 'remove', 'rename'].map(status => `--filter=event=${status}`);

/**
 * Follows podman's events on this host, on and on. They may be of other storages too, and come twice.
 * @param began is called whenever it begins again, for something may have been missed
 */
export async function followEvents(
  podman: Pick<Podman, 'follow'>,
  take: (event: Event) => void,
  began: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const now = Date.now();
    const bounds = [`--since=${new Date(now - overlap).toISOString()}`, `--until=${new Date(now + longest).toISOString()}`];
    began();
    const args = ['events', '--format=json', '--filter=type=container', ...wanted, ...bounds];
    await podman.follow(args, line => takeLine(line, take), signal);
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

function takeLine(line: string, take: (event: Event) => void): void {
  try {
    take(JSON.parse(line));
  } catch {
    // The line of a podman that was just ended; whoever follows next hears of it again.
  }
}
