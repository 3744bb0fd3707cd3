import { normalize } from 'node:path';
import { ApiError } from '@podman-api/errors';
import type { CommandOptions, Podman } from '@podman-api/podman';
import { forbidden } from '../../policy/allow.ts';
import { failedFor } from '../fault-reason.ts';
import type { InspectEntry } from '../inspect/entry.ts';
import { readEntry } from '../inspect.ts';
import { allowedFolders } from './allowed-folders.ts';
import { liesIn, locationsOf } from './locations.ts';
import { readMounts } from './read-mounts.ts';

/** Which mounts of a container have to lie in which folders. */
export interface Held {
  /** Where the container has them. */
  readonly targets: readonly string[];
  /** `ALLOWED_MOUNTS` */
  readonly listed: readonly string[];
}

/**
 * How often a container is set up: podman's clean-up after an earlier run may come late, and then undoes it. Each run has
 * one such clean-up.
 */
const attempts = 3;

type Options = CommandOptions & { readonly signal: AbortSignal };

/**
 * Starts a container whose mounts lie in folders that containers can change: what a path leads to may have changed
 * since it was judged. So podman sets up the mounts, they are looked at where nothing changes them any more, and only
 * then the container's process starts. Whoever calls sees to what is left of a container that is refused.
 * @throws ApiError (403) where a mount lies elsewhere; (409) where it is undone each time before it starts
 */
export async function startVerified(podman: Podman, id: string, held: Held, options: Options): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await startOnce(podman, id, held, options)) return;
  }
  throw new ApiError('ConflictError', 'Something else changed the container while it was being started: read its status and try again.');
}

/** @returns whether the container was started, by this or by another start; if not, what was set up had been undone before */
async function startOnce(podman: Podman, id: string, held: Held, options: Options): Promise<boolean> {
  await podman.run(['init', '--', id], options).catch(unlessSetUp);
  const { Id: wholeId, State: before } = await readEntry(podman, id, options.signal);
  if (!isSetUp(before)) return false;
  try {
    await verify(podman, before.Pid, held);
  } catch (error) {
    // Of a process that is gone nothing can be seen.
    const { State: now } = await readEntry(podman, wholeId, options.signal);
    if (!isSetUp(now) || now.Pid !== before.Pid) return false;
    throw error;
  }
  // Of one that was stopped meanwhile podman would set up the mounts anew, unseen. The filter finds no shortened id.
  const started = await podman.run(['start', '--filter=status=initialized', '--', wholeId], options);
  const { State: after } = await readEntry(podman, wholeId, options.signal);
  if (started.trim() === '' && after.Status !== 'running') return false;
  if (after.Pid !== before.Pid && after.Pid !== 0) await verify(podman, after.Pid, held);
  return true;
}

/** Of one that is not, podman may tell the process it had. */
function isSetUp({ Status, Pid }: InspectEntry['State']): boolean {
  return (Status === 'initialized' || Status === 'running') && Pid !== 0;
}

async function verify(podman: Podman, pid: number, { targets, listed }: Held): Promise<void> {
  const [host, seen] = await Promise.all([readMounts(podman, 'self'), readMounts(podman, pid)]);
  const locations = (await allowedFolders(listed)).flatMap(folder => locationsOf(folder, host));
  const refused = targets.filter(target => {
    const mount = seen.findLast(other => other.target === trimmed(target));
    return mount === undefined || !liesIn(mount, locations);
  });
  if (refused.length === 0) return;
  const why = 'what was mounted there does not lie under a folder in ALLOWED_MOUNTS, or is not reached by that path without symlinks';
  throw forbidden(refused.map(target => ({ path: 'volumes', message: `volumes: ${target}: ${why}` })));
}

/** Podman keeps the path as it was given, and mountinfo tells it without a slash at the end. */
function trimmed(target: string): string {
  return normalize(target).replace(/(?<=.)\/$/, '');
}

/** Podman's error for a container that is set up already, be it running or not. */
function unlessSetUp(error: unknown): void {
  if (!failedFor('bad-state', error)) throw error;
}
