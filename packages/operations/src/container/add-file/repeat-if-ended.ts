import { setTimeout as delay } from 'node:timers/promises';
import type { Podman } from '@podman-api/podman';
import { failedFor } from '../failed-for.ts';
import { type InspectEntry, readEntry } from '../lookup/inspect-entry.ts';
import { isRunningOrPaused } from '../status.ts';

/** Number of attempts: podman records the end of a container up to some seconds after its process has ended. */
const maxAttempts = 40;
/** Pause between two attempts. */
const pauseMs = 250;

/**
 * Copies to or from a container by `podman cp`, and does it again if the container ended meanwhile. Podman 4.3 unlocks a container
 * before it copies. If the container ends at that moment, podman finds no process to join, or a root that is no longer mounted:
 * a file that is there seems to be missing, and one that is written is lost. A container that is `stopped` is still mounted, until
 * podman has cleaned it up and writes `exited`.
 * @param copy gets podman's data about the container, and may be called several times
 * @throws what the last call of `copy` throws; ApiError (404) if the container was removed
 */
export async function repeatIfEnded<T>(
  podman: Podman,
  container: string,
  signal: AbortSignal,
  copy: (entry: InspectEntry) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const entry = await readEntry(podman, container, signal);
    const [copied] = await Promise.allSettled([copy(entry)]);
    const error: unknown = copied.status === 'rejected' ? copied.reason : undefined;
    if (attempt < maxAttempts && (await hasEndedSince(podman, entry, error, signal))) {
      await delay(pauseMs, undefined, { signal });
      continue;
    }
    if (copied.status === 'rejected') throw copied.reason;
    return copied.value;
  }
}

/**
 * Returns whether a container has ended or was cleaned up since podman's data was read. If podman has not recorded the end yet, its
 * error says that there is no process.
 */
async function hasEndedSince(podman: Podman, { Id, State }: InspectEntry, error: unknown, signal: AbortSignal): Promise<boolean> {
  const isMounted = isRunningOrPaused(State.Status) || State.Status === 'stopped';
  if (!isMounted) return false;
  if (failedFor('not-running', error)) return true;
  const { State: now } = await readEntry(podman, Id, signal);
  return now.Pid !== State.Pid || now.Status !== State.Status;
}
