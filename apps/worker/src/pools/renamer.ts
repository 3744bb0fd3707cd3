import { ApiError, toApiError } from '@podman-api/errors';
import { type ContainerClaim, type Effect, shortId } from '@podman-api/operations';
import { type Podman, PodmanFault } from '@podman-api/podman';
import { type Log, rejectOnAbort } from '@podman-api/runtime';
import type { CallerActivity } from './caller-activity.ts';
import type { ClaimStore } from './claim-store.ts';

/** Time limit for podman to rename a container. */
const renameTimeoutMs = 60_000;
/** Pause before a rename is tried again after its first failure; it doubles with each failure in a row. */
const firstRetryDelayMs = 2000;
const maxRetryDelayMs = 60_000;
/** Time for another worker of the node to rename the containers that it has claimed. */
const abandonedAfterMs = 5000;

/** Gives claimed containers their public names in podman, in the background. */
export interface Renamer {
  /** Renames a container soon. */
  add(claim: ContainerClaim): void;
  /** Renames containers that other workers of the node have claimed and not renamed within five seconds. */
  addAbandoned(): void;
  /**
   * Renames a container now.
   * @returns the name that podman has for it: another one if the public name is in use on this host
   * @throws ApiError (500) if podman could not rename it, which is tried again in the background; the signal's reason if it is aborted
   */
  renameNow(claim: ContainerClaim, signal: AbortSignal): Promise<string>;
  stop(): void;
}

/** Dependencies for renaming containers. */
export interface RenamerParts {
  readonly podman: Pick<Podman, 'run'>;
  readonly claims: Pick<ClaimStore, 'listUnnamed' | 'setName'>;
  readonly activity: Pick<CallerActivity, 'runInTurn'>;
  /** Records that a container has a name other than the one that its caller was given. */
  readonly recordEffect: (effect: Effect, job: string) => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
}

/** A rename that is to be done. */
interface PendingRename {
  readonly claim: ContainerClaim;
  /** Failures in a row. */
  readonly failures: number;
  /** When it is tried next, by this process's clock in ms. */
  readonly dueMs: number;
}

/** Creates the renamer of a worker. In the background, it renames one container at a time. */
export function createRenamer(parts: RenamerParts): Renamer {
  const { claims, activity, log } = parts;
  const stopController = new AbortController();
  const { signal } = stopController;
  /** Pending renames by the ids of the containers, in the order of the claims; a rename that failed is moved to the end. */
  const pending = new Map<string, PendingRename>();
  /** Renames in progress, by the ids of the containers. */
  const running = new Map<string, Promise<string>>();
  /** When each claim of another worker was seen first, by this process's clock in ms. */
  const firstSeenMs = new Map<string, number>();
  let isLooping = false;
  let retryTimer: NodeJS.Timeout | undefined;

  const attempt = async (claim: ContainerClaim, failures: number) => {
    const { id, name } = claim;
    try {
      return await renameContainer(parts, claim);
    } catch (error) {
      const retryDelayMs = Math.min(maxRetryDelayMs, firstRetryDelayMs * 2 ** failures);
      pending.set(id, { claim, failures: failures + 1, dueMs: performance.now() + retryDelayMs });
      log.warn({ err: error, container: name, id }, `could not rename a container to ${name}; trying again in ${retryDelayMs / 1000} s`);
      throw error;
    } finally {
      running.delete(id);
    }
  };
  const rename = (claim: ContainerClaim) => {
    const failures = pending.get(claim.id)?.failures ?? 0;
    pending.delete(claim.id);
    const renaming = running.get(claim.id) ?? attempt(claim, failures);
    running.set(claim.id, renaming);
    return renaming;
  };
  const findDue = () => pending.values().find(({ dueMs }) => dueMs <= performance.now());
  const loop = async () => {
    if (isLooping) return;
    isLooping = true;
    clearTimeout(retryTimer);
    while (!signal.aborted && findDue()) {
      // Chosen again when its turn comes: a job may have renamed the container meanwhile.
      const renameNext = async () => {
        const next = findDue();
        if (next) await rename(next.claim);
      };
      await activity.runInTurn(renameNext, signal).catch(() => {});
    }
    isLooping = false;
    if (pending.size === 0 || signal.aborted) return;
    const nextDueMs = Math.min(...pending.values().map(({ dueMs }) => dueMs));
    retryTimer = setTimeout(loop, nextDueMs - performance.now()).unref();
  };
  const add = (claim: ContainerClaim) => {
    if (!pending.has(claim.id) && !running.has(claim.id)) pending.set(claim.id, { claim, failures: 0, dueMs: performance.now() });
  };
  return {
    add(claim) {
      add(claim);
      void loop();
    },
    addAbandoned() {
      const unnamed = claims.listUnnamed();
      for (const id of firstSeenMs.keys()) if (!unnamed.some(claim => claim.id === id)) firstSeenMs.delete(id);
      for (const claim of unnamed) {
        const seenMs = firstSeenMs.get(claim.id) ?? performance.now();
        firstSeenMs.set(claim.id, seenMs);
        if (performance.now() - seenMs > abandonedAfterMs) add(claim);
      }
      void loop();
    },
    async renameNow(claim, waitSignal) {
      try {
        return await rejectOnAbort(rename(claim), waitSignal, () => waitSignal.reason);
      } catch (error) {
        waitSignal.throwIfAborted();
        const message = `The container ${claim.name} does not have its name yet, because podman failed (the worker retries the rename): ${toApiError(error).message}`;
        throw new ApiError('PodmanAPIError', message, {}, { cause: error });
      } finally {
        void loop();
      }
    },
    stop() {
      stopController.abort();
      clearTimeout(retryTimer);
    },
  };
}

/**
 * Renames a container.
 * @returns the name that podman has for it now
 * @throws Error if podman could not rename it
 */
async function renameContainer({ podman, claims, recordEffect, log }: RenamerParts, { id, name, job }: ContainerClaim): Promise<string> {
  const timeout = AbortSignal.timeout(renameTimeoutMs);
  try {
    await podman.run(['rename', '--', id, name], { signal: timeout });
  } catch (error) {
    const actualName = await readName(podman, id, timeout);
    if (actualName !== null && actualName !== name) {
      if (!isFault(error, 'name-in-use')) throw error;
      await claims.setName(shortId(id), actualName);
      log.warn({ container: actualName, id }, `the name ${name} is in use on this host: the container is called ${actualName}`);
      await recordEffect({ renamed: { id: shortId(id), name: actualName } }, job).catch(() => {});
      return actualName;
    }
  }
  await claims.setName(shortId(id), name);
  return name;
}

/** Returns the name that podman has for a container; `null` if the container was removed. */
async function readName(podman: RenamerParts['podman'], id: string, signal: AbortSignal): Promise<string | null> {
  try {
    return (await podman.run(['container', 'inspect', '--format={{.Name}}', '--', id], { signal })).trim();
  } catch (error) {
    if (isFault(error, 'no-container')) return null;
    throw error;
  }
}

function isFault(error: unknown, reason: PodmanFault['reason']): boolean {
  return error instanceof PodmanFault && error.reason === reason;
}
