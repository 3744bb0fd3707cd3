import { setTimeout as delay } from 'node:timers/promises';
import type { Podman } from '@podman-api/podman';

/** An event of `podman events`, reduced to the fields that are used. */
export interface Event {
  readonly ID: string;
  readonly Name: string;
  readonly Status: 'create' | 'remove' | 'rename';
  readonly Attributes?: Readonly<Record<string, string>> | null;
}

/** Lifetime of a `podman events` process, so that an orphaned one ends by itself. */
const followDurationMs = 300_000;
/** Overlap of two consecutive processes, so that no event is lost between them. */
const overlapMs = 2000;
/** Pause before the next process is started. */
const restartDelayMs = 1000;

const statusFilters = ['create', 'remove', 'rename'].map(status => `--filter=event=${status}`);

/**
 * Follows podman's events on this host until the signal is aborted. Events may come from other storages and may be repeated.
 * @param onRestart called whenever following starts (again), because events may have been missed
 */
export async function followEvents(
  podman: Pick<Podman, 'follow'>,
  onEvent: (event: Event) => void,
  onRestart: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const now = Date.now();
    const bounds = [`--since=${new Date(now - overlapMs).toISOString()}`, `--until=${new Date(now + followDurationMs).toISOString()}`];
    onRestart();
    const args = ['events', '--format=json', '--filter=type=container', ...statusFilters, ...bounds];
    await podman.follow(args, line => parseLine(line, onEvent), signal);
    await delay(restartDelayMs, undefined, { signal }).catch(() => {});
  }
}

function parseLine(line: string, onEvent: (event: Event) => void): void {
  try {
    onEvent(JSON.parse(line));
  } catch {
    // An incomplete line of a process that was just ended; the next process reports the event again.
  }
}
