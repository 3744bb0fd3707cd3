import type { ContainerIdentity } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import {
  type ContainerAllocation,
  type Effect,
  type KnownContainer,
  type PoolContainers,
  readKnownContainers,
} from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import { runPeriodically } from '@podman-api/runtime';
import { followEvents, type PodmanEvent, toContainerEvent } from './events.ts';
import type { PublishedFeed } from './feed.ts';
import type { EventForwarder } from './forward-events.ts';
import { type NodeIndexes, readAllocations, readEntries, reconcile, reconcileAllocations } from './reconcile.ts';

/** Interval between two lists of all containers, which find changes without an event. */
const listIntervalMs = 15_000;
/** Events within this time are handled by one list. */
const listDebounceMs = 100;
/**
 * Minimum time between the starts of two lists that events cause, as a multiple of the duration of a list: even if other programs create
 * containers all the time, podman lists during a tenth of the time at most. A list takes 45 ms of CPU time or more.
 */
const listPauseFactor = 10;
/** Longest such pause, for hosts where a list takes long. */
const maxListPauseMs = 3000;

/** The containers of this host, kept up to date here and in the directory of the fleet. */
export interface ContainersWatch {
  /** The number of containers; `null` while unknown. */
  readonly count: number | null;
  /** The number of containers whose labels, command or ports are too large for a list. */
  readonly shortenedCount: number;
  /** Why podman could not list them the last time; `null` if it could. */
  readonly listError: string | null;
  /** The containers by their short ids. */
  readonly known: ReadonlyMap<string, KnownContainer>;
  /**
   * Records what a job has changed. Resolves when the fleet's directory and the quotas are updated.
   * @param effect `undefined` if the job has left no container
   * @param allocation that of the container that the job has created
   */
  recordEffect(effect: Effect | undefined, job: string, allocation: ContainerAllocation | undefined): Promise<void>;
  /** Records that a container was removed. */
  drop(container: KnownContainer): void;
  /** Lists the containers now. Call it when the directory may have lost entries. */
  relist(): void;
  stop(): void;
}

/** A change of the known containers. */
type ApplyChange = (containers: Map<string, KnownContainer>) => void;

/**
 * Watches the containers of this host.
 * @param feed receives each event and each list
 * @param pools the containers that were claimed from pools
 * @param onListed called with the ids of all containers whenever podman has listed them
 * @param forwarder receives all events of podman
 */
export function watchContainers(
  podman: Pick<Podman, 'follow' | 'shared'>,
  { directory, allocations }: NodeIndexes,
  feed: Omit<PublishedFeed, 'subscribe'>,
  pools: Pick<PoolContainers, 'get'>,
  onListed: (ids: ReadonlySet<string>) => void,
  forwarder: EventForwarder,
): ContainersWatch {
  const stopController = new AbortController();
  let known: Map<string, KnownContainer> | undefined;
  let listError: string | null = null;
  /** Changes since podman started to list, which the list may lack. */
  let changesWhileListing: ApplyChange[] = [];
  /** Reason for the next list, if it comes before the regular one. */
  let plannedFor: 'event' | 'caller' | undefined;
  /** Start of the last list, by this process's clock. */
  let lastStartMs = Number.NEGATIVE_INFINITY;
  /** Duration of the last finished list. */
  let lastDurationMs = 0;

  const apply = (change: ApplyChange) => {
    if (known) change(known);
    changesWhileListing.push(change);
  };
  const readTimed = (isFresh: boolean) => {
    lastStartMs = performance.now();
    return readKnownContainers(podman, pools, isFresh).finally(() => {
      lastDurationMs = performance.now() - lastStartMs;
    });
  };
  const list = async () => {
    // An event of another storage of this host leaves podman's state here as it was, and then podman is not run.
    const isFresh = plannedFor !== 'event';
    plannedFor = undefined;
    const [entries, allocated] = await Promise.all([readEntries(directory), readAllocations(allocations)]);
    changesWhileListing = [];
    const startedAtMs = Date.now();
    const listed = await readTimed(isFresh).then(
      all => new Map(all.map(one => [one.id, one])),
      (error: unknown) => {
        listError = error instanceof ApiError ? error.message : 'podman did not return a readable list of containers in time.';
        throw error;
      },
    );
    listError = null;
    for (const change of changesWhileListing) change(listed);
    known = listed;
    feed.publishList(listed, startedAtMs);
    onListed(new Set(listed.keys()));
    // The containers in this process stay up to date even while Redis is unavailable.
    if (entries) void reconcile(directory, entries, listed).catch(() => {});
    if (allocated) void reconcileAllocations(allocations, allocated, listed.values()).catch(() => {});
  };
  const lists = runPeriodically(listIntervalMs, list);
  const listNow = () => {
    plannedFor = 'caller';
    lists.runAfter(0);
  };
  const listSoon = () => {
    // Otherwise each event would delay the list that the first one has planned.
    if (plannedFor) return;
    plannedFor = 'event';
    const pauseMs = Math.min(lastDurationMs * listPauseFactor, maxListPauseMs);
    lists.runAfter(Math.max(listDebounceMs, lastStartMs + pauseMs - performance.now()));
  };
  const drop = async (container: ContainerIdentity & Partial<Pick<KnownContainer, 'allocation'>>) => {
    apply(containers => containers.delete(container.id));
    await Promise.all([directory.remove(container), container.allocation && allocations.release(container.allocation.job)]);
  };
  const onEvent = (followed: PodmanEvent) => {
    forwarder.forward(followed);
    const event = toContainerEvent(followed);
    if (!event) return;
    const { id, status } = event;
    feed.publishEvent(event);
    const container = known?.get(id);
    if (status === 'remove' && container) void drop(container).catch(() => {});
    // The worker that runs a job records the container of the job itself. Other events may come from another storage, which a list shows.
    const needsList =
      (status === 'rename' && container?.name !== followed.name) || (status === 'create' && !container && !followed.isOfJob);
    if (needsList) listSoon();
  };
  void forwarder.readStart().then(sinceMs => followEvents(podman, sinceMs, onEvent, listNow, stopController.signal));

  return {
    get count() {
      return known?.size ?? null;
    },
    get shortenedCount() {
      return [...(known?.values() ?? [])].filter(one => one.isShortened).length;
    },
    get listError() {
      return listError;
    },
    get known() {
      return known ?? new Map();
    },
    async recordEffect(effect, job, allocation) {
      if (allocation && !(effect && 'created' in effect)) await allocations.release(job);
      if (!effect) return;
      if ('created' in effect) {
        const { id, name, ttl, hasHealthCheck = false } = effect.created;
        const expiresAtMs = ttl === undefined ? undefined : Date.now() + ttl * 1000;
        apply(containers =>
          containers.set(id, { id, name, expiresAtMs, allocation, isShortened: false, hasHealthCheck, status: 'running', exitCode: null }),
        );
        // Idempotent: the allocation was reserved before the job was submitted, but Redis may have lost it.
        await Promise.all([directory.put({ id, name }, job), allocation && allocations.put(allocation)]);
        return;
      }
      if ('renamed' in effect) {
        const { id, name } = effect.renamed;
        const container = known?.get(id);
        if (container) apply(containers => containers.set(id, { ...container, name }));
        return directory.put({ id, name }, job);
      }
      const dropIfFound = async (reference: string) => {
        // An API process may have added it to the directory before it was listed here.
        const container = findContainer(known, reference) ?? findContainer((await readEntries(directory))?.containers, reference);
        if (container) await drop(container);
      };
      await Promise.all([effect.removed].flat().map(dropIfFound));
    },
    drop: container => void drop(container).catch(() => {}),
    relist: listNow,
    stop() {
      lists.stop();
      stopController.abort();
      feed.stop();
    },
  };
}

/** Finds the container that podman means by a name or an id prefix. */
function findContainer(containers: ReadonlyMap<string, ContainerIdentity> | undefined, reference: string): ContainerIdentity | undefined {
  const all = [...(containers?.values() ?? [])];
  return all.find(({ name }) => name === reference) ?? all.find(({ id }) => id.startsWith(reference) || reference.startsWith(id));
}
