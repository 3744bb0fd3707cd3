import type { Podman } from '@podman-api/podman';
import { failedFor } from '../container/failed-for.ts';
import { type InspectEntry, readEntry } from '../container/lookup/inspect-entry.ts';
import type { ContainerEvent } from '../container-feed.ts';
import type { TaskContext } from '../operation.ts';
import { shortId } from '../short-id.ts';
import { sleep } from '../sleep.ts';

/** Pause between two reads of the state while there are no events. */
const pollIntervalMs = 1000;
/** Time for the event of a start to arrive after podman has ended: long, because the event may be late on a busy host. */
const eventTimeoutMs = 10_000;

/** A container before its start. */
export interface StartTarget {
  /** The full id. */
  readonly id: string;
  /** Time of its last start as podman prints it, by which the next start is recognized. */
  readonly lastStartedAt: string;
}

/** Waits for the start of a container. An event alone proves none, because events are reported late and repeated. */
export class StartWatch {
  readonly #podman: Podman;
  readonly #target: StartTarget;
  readonly #signal: AbortSignal;
  readonly #started = Promise.withResolvers<void>();
  readonly #reported = Promise.withResolvers<void>();
  readonly #unsubscribe: () => void;
  #isStarted = false;
  #isOver = false;

  /** Begins to wait: the container must be started afterwards. */
  constructor(podman: Podman, target: StartTarget, { containers, signal }: Pick<TaskContext, 'containers' | 'signal'>) {
    this.#podman = podman;
    this.#target = target;
    this.#signal = signal;
    const containerId = shortId(target.id);
    const beganAtMs = Date.now();
    this.#unsubscribe = containers.subscribe({
      onEvent: ({ id, status, timeMs }: ContainerEvent) => {
        if (id !== containerId || (status !== 'start' && status !== 'died')) return;
        if (status === 'start' && timeMs >= beganAtMs) this.#reported.resolve();
        void this.#examine();
      },
      // Events may be lost.
      onList: () => void this.#examine(),
      onStop: () => void this.#poll(),
    });
  }

  /** Resolves after the start; never if there is none, or if the container is gone before it is seen. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Whether `stop` was called; `started` may resolve afterwards. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Stops listening. */
  stop(): void {
    this.#isOver = true;
    this.#unsubscribe();
  }

  /** Returns whether podman reports a start of the container, which it may do a while afterwards. Call it before `stop`. */
  async wasReported(): Promise<boolean> {
    const over = new AbortController();
    const elapsed = sleep(eventTimeoutMs, AbortSignal.any([this.#signal, over.signal])).then(() => false);
    try {
      return await Promise.race([this.#reported.promise.then(() => true), elapsed]);
    } finally {
      over.abort();
    }
  }

  async #examine(): Promise<void> {
    if (this.#isStarted || this.#isOver) return;
    const state = await readState(this.#podman, this.#target.id, this.#signal).catch(() => undefined);
    if (!state || !hasStarted(state, this.#target)) return;
    this.#isStarted = true;
    this.#started.resolve();
  }

  async #poll(): Promise<void> {
    while (!this.#isStarted && !this.#isOver && !this.#signal.aborted) {
      await this.#examine();
      await sleep(pollIntervalMs, this.#signal).catch(() => {});
    }
  }
}

/** Returns whether a container has been started since it was found. */
export function hasStarted(state: InspectEntry['State'], { lastStartedAt }: StartTarget): boolean {
  return state.StartedAt !== lastStartedAt;
}

/** Returns the state of a container; `undefined` if it is gone. @throws ApiError if podman fails; the reason of the signal */
export async function readState(podman: Podman, id: string, signal: AbortSignal): Promise<InspectEntry['State'] | undefined> {
  try {
    return (await readEntry(podman, id, signal)).State;
  } catch (error) {
    if (failedFor('no-container', error)) return undefined;
    throw error;
  }
}
