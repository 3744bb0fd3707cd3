import { normalize } from 'node:path';
import { ApiError } from '@podman-api/errors';
import type { CommandOptions, Podman } from '@podman-api/podman';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import { sleep } from '../../sleep.ts';
import { failedFor } from '../failed-for.ts';
import { type InspectEntry, readEntry } from '../lookup/inspect-entry.ts';
import { resolveAllowedFolders } from './allowed-folders.ts';
import { findLocations, liesIn } from './locations.ts';
import { readMounts } from './read-mounts.ts';

/** Mounts of a container that must lie in allowed folders. */
export interface MountCheck {
  /** Their paths in the container. */
  readonly targets: readonly string[];
  /** `ALLOWED_MOUNTS` */
  readonly listed: readonly string[];
}

/**
 * Pauses between attempts to set up a container, in milliseconds; they take 15 s in all. Podman starts a clean-up a few seconds after
 * each run and after each failed set-up, and later on a busy host. A late clean-up also undoes the set-up of the next attempt, which
 * starts another late clean-up. So without growing pauses, attempts could undo one another again and again.
 */
const pausesMs = [100, 200, 400, 800, 1500, 2000, 2000, 2000, 2000, 2000, 2000];

type Options = CommandOptions & { readonly signal: AbortSignal };

/**
 * Starts a container whose mounts lie in folders that containers can change: a path may lead elsewhere since it was checked. So
 * podman sets up the mounts (`podman init`), they are verified at a point after which nothing can change them, and only then the
 * container's process starts. The caller cleans up a container that is refused.
 * @throws ApiError (403) if a mount lies elsewhere; (409) if something undoes the set-up each time before the start; the reason of
 *   the signal
 */
export async function startVerified(podman: Podman, id: string, check: MountCheck, options: Options): Promise<void> {
  await repeatWhileUndone(options.signal, async () => ((await startOnce(podman, id, check, options)) ? true : undefined));
}

/** A container that is set up: its process waits to be started. */
export interface SetUpContainer {
  /** The full id. */
  readonly id: string;
  /** Its first process on this host. */
  readonly pid: number;
}

/**
 * Sets up a container and verifies its mounts at a point after which nothing can change them. A set-up that is undone meanwhile
 * is repeated.
 * @throws ApiError (403) if a mount lies elsewhere; (409) if something undoes each set-up; the reason of the signal
 */
export async function setUpVerified(podman: Podman, id: string, check: MountCheck, options: Options): Promise<SetUpContainer> {
  return repeatWhileUndone(options.signal, () => setUpOnce(podman, id, check, options));
}

/**
 * Repeats an attempt, after growing pauses, until it returns a value.
 * @param attempt returns `undefined` if something has undone the set-up
 * @throws ApiError (409) if something undoes each set-up; what `attempt` throws; the reason of the signal
 */
export async function repeatWhileUndone<Value>(signal: AbortSignal, attempt: () => Promise<Value | undefined>): Promise<Value> {
  for (const pauseMs of [...pausesMs, undefined]) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (pauseMs !== undefined) await sleep(pauseMs, signal);
  }
  throw new ApiError(
    'ConflictError',
    'Something else changed the container each time while it was being started: read its status and send the request again.',
  );
}

/**
 * Sets up a container once, and verifies its mounts.
 * @returns `undefined` if something has undone the set-up
 * @throws ApiError (403) if a mount lies elsewhere
 */
export async function setUpOnce(podman: Podman, id: string, check: MountCheck, options: Options): Promise<SetUpContainer | undefined> {
  await podman.run(['init', '--', id], options).catch(ignoreSetUp);
  const { Id: wholeId, State: before } = await readEntry(podman, id, options.signal);
  if (!isSetUp(before)) return undefined;
  try {
    if (check.targets.length > 0) await verify(podman, before.Pid, check);
  } catch (error) {
    // The mounts of a process that has ended cannot be read.
    const { State: now } = await readEntry(podman, wholeId, options.signal);
    if (!isSetUp(now) || now.Pid !== before.Pid) return undefined;
    throw error;
  }
  return { id: wholeId, pid: before.Pid };
}

/** @returns whether the container was started, by this or by another start; if not, its set-up had been undone before */
async function startOnce(podman: Podman, id: string, check: MountCheck, options: Options): Promise<boolean> {
  const setUp = await setUpOnce(podman, id, check, options);
  if (!setUp) return false;
  // If it was stopped meanwhile, podman would set up the mounts again, unverified. The filter matches full ids only.
  const started = await podman.run(['start', '--filter=status=initialized', '--', setUp.id], options);
  const { State: after } = await readEntry(podman, setUp.id, options.signal);
  if (started.trim() === '' && after.Status !== 'running') return false;
  if (after.Pid !== setUp.pid && after.Pid !== 0) await verify(podman, after.Pid, check);
  return true;
}

/** Podman may print the pid of an earlier process for a container that is not set up. */
function isSetUp({ Status, Pid }: InspectEntry['State']): boolean {
  return (Status === 'initialized' || Status === 'running') && Pid !== 0;
}

async function verify(podman: Podman, pid: number, { targets, listed }: MountCheck): Promise<void> {
  const [host, seen] = await Promise.all([readMounts(podman, 'self'), readMounts(podman, pid)]);
  const locations = (await resolveAllowedFolders(listed)).flatMap(folder => findLocations(folder, host));
  const refused = targets.filter(target => {
    const mount = seen.findLast(other => other.target === normalizeTarget(target));
    return mount === undefined || !liesIn(mount, locations);
  });
  if (refused.length === 0) return;
  const why = 'the mounted directory does not lie under a directory in ALLOWED_MOUNTS, or its path has symbolic links';
  throw forbiddenError(refused.map(target => ({ path: 'volumes', message: `volumes: ${target}: ${why}` })));
}

/** Podman keeps the path as it was given; mountinfo has no slash at its end. */
function normalizeTarget(target: string): string {
  return normalize(target).replace(/(?<=.)\/$/, '');
}

/** Ignores podman's error for a container that is set up already, running or not. */
function ignoreSetUp(error: unknown): void {
  if (!failedFor('bad-state', error)) throw error;
}
