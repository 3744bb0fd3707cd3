import { setTimeout as delay } from 'node:timers/promises';
import type { Podman } from '@podman-api/podman';
import { failedFor } from '../failed-for.ts';
import { type InspectEntry, readEntry } from '../lookup/inspect-entry.ts';
import { isRunningOrPaused } from '../status.ts';

/** Maximum number of attempts: podman may take some seconds to record the end of a container. */
const maxAttempts = 40;
/** Pause between two attempts. */
const pauseMs = 250;

/**
 * Runs a copy by `podman cp`, and repeats it if the container ended meanwhile: podman 4.3 unlocks the container before it copies. If the
 * container ends then, podman finds no process to join or no mounted root. A read then fails as if the file were missing, and a written
 * file is lost. A container that is `stopped` stays mounted until podman has cleaned it up (`exited`).
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
    const hasEnded = await hasEndedSince(podman, entry, error, signal).catch((failure: unknown) => {
      // A copy that has succeeded stays one if the job is cancelled after it.
      if (copied.status === 'rejected' || failedFor('no-container', failure)) throw failure;
      return false;
    });
    if (hasEnded && attempt < maxAttempts) {
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
