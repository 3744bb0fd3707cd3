import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { ContainerClaim, Effect } from '@podman-api/operations';
import { type Podman, PodmanFault } from '@podman-api/podman';
import type { Log } from '@podman-api/runtime';
import type { CallerActivity } from './caller-activity.ts';
import type { ClaimStore } from './claim-store.ts';

/** Limit for podman to rename a container. */
const renameTimeoutMs = 60_000;
/** Pause before a rename is tried again after a failure. */
const retryDelayMs = 2000;
const pollIntervalMs = 20;
/** Time for another worker of the node to rename what it has claimed. */
const abandonedAfterMs = 5000;

/** Gives claimed containers their public names in podman, in the background. */
export interface Renamer {
  /** Renames a container soon. */
  add(claim: ContainerClaim): void;
  /** Renames what other workers of the node have claimed and not renamed within five seconds. */
  addAbandoned(): void;
  /** Resolves when podman has the name of a container, which is renamed at once. Rejects when the signal is aborted. */
  waitFor(claim: ContainerClaim, signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** Dependencies for renaming containers. */
export interface RenamerParts {
  readonly podman: Pick<Podman, 'run'>;
  readonly claims: ClaimStore;
  readonly activity: Pick<CallerActivity, 'runInTurn'>;
  /** Records that a container has another name than the one that was given to its caller. */
  readonly note: (effect: Effect, job: string) => Promise<void>;
  readonly log: Log;
}

/** Creates the renamer of a worker. It renames one container at a time. */
export function createRenamer(parts: RenamerParts): Renamer {
  const { claims, activity } = parts;
  const stopController = new AbortController();
  const { signal } = stopController;
  /** Claims to be renamed by their ids, in the order of the claims. */
  const waiting = new Map<string, ContainerClaim>();
  /** Containers that jobs wait for. */
  const urgent = new Map<string, Promise<void>>();
  /** When each claim was seen first, by this process's clock in ms. */
  const firstSeenMs = new Map<string, number>();
  let isRunning = false;

  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    for (let next = first(waiting); next && !signal.aborted; next = first(waiting)) {
      const claim = next;
      await activity
        .runInTurn(async () => {
          if (waiting.delete(claim.id)) await renameOnce(claim);
        }, signal)
        .catch(() => {});
    }
    isRunning = false;
  };
  const renameOnce = (claim: ContainerClaim) => {
    const running = urgent.get(claim.id) ?? renameContainer(parts, claim, signal).finally(() => urgent.delete(claim.id));
    urgent.set(claim.id, running);
    return running;
  };
  return {
    add(claim) {
      waiting.set(claim.id, claim);
      void run();
    },
    addAbandoned() {
      const unnamed = claims.unnamed();
      for (const id of firstSeenMs.keys()) if (!unnamed.some(claim => claim.id === id)) firstSeenMs.delete(id);
      for (const claim of unnamed.filter(({ id }) => !waiting.has(id) && !urgent.has(id))) {
        const seenMs = firstSeenMs.get(claim.id) ?? performance.now();
        firstSeenMs.set(claim.id, seenMs);
        if (performance.now() - seenMs > abandonedAfterMs) waiting.set(claim.id, claim);
      }
      void run();
    },
    async waitFor(claim, waitSignal) {
      if (waiting.delete(claim.id)) void renameOnce(claim).catch(() => {});
      while (claims.findUnnamed(claim.name)?.id === claim.id) await delay(pollIntervalMs, undefined, { signal: waitSignal });
    },
    stop: () => stopController.abort(),
  };
}

function first(waiting: ReadonlyMap<string, ContainerClaim>): ContainerClaim | undefined {
  return waiting.values().next().value;
}

/** Renames a container, and repeats that until it has succeeded or cannot succeed. */
async function renameContainer({ podman, claims, note, log }: RenamerParts, claim: ContainerClaim, signal: AbortSignal): Promise<void> {
  const { id, name, job } = claim;
  const shortId = id.slice(0, 12);
  while (!signal.aborted) {
    const timeout = AbortSignal.timeout(renameTimeoutMs);
    try {
      await podman.run(['rename', '--', id, name], { signal: timeout });
      claims.setName(shortId, name);
      return;
    } catch (error) {
      const actualName = await podman.run(['container', 'inspect', '--format={{.Name}}', '--', id], { signal: timeout }).then(
        text => text.trim(),
        (inspectError: unknown) => (isGone(inspectError) ? null : undefined),
      );
      if (actualName === null || actualName === name) {
        claims.setName(shortId, name);
        return;
      }
      const isTaken = error instanceof PodmanFault && error.reason === 'name-in-use';
      if (actualName !== undefined && isTaken) {
        claims.setName(shortId, actualName);
        log.warn({ container: actualName, id: shortId }, `the name ${name} is in use on this host: the container is called ${actualName}`);
        await note({ renamed: { id: shortId, name: actualName } }, job).catch(() => {});
        return;
      }
      if (error instanceof ApiError) log.warn({ err: error, container: name }, `could not rename ${shortId} to ${name}; trying again`);
      await delay(retryDelayMs, undefined, { signal }).catch(() => {});
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof PodmanFault && error.reason === 'no-container';
}
