import type { FleetEvent, NodeEvent } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { dockerInspectContainer, hasLabels } from '@podman-api/operations';
import type { DockerRequest } from '../route.ts';
import { runTask } from '../run-task.ts';

/** Labels of a container by their names. */
export type Labels = Readonly<Record<string, string>>;

/** Reads the labels of a container by its id; none if it was removed. */
export type ReadLabels = (id: string) => Promise<Labels>;

/** Labels that are cached, or being read. */
interface CachedLabels {
  readonly reading: Promise<Labels>;
  /** Their size as JSON; 0 until they were read. */
  bytes: number;
}

/** Containers whose labels are cached for one reader; the oldest are dropped first. */
const maxCachedContainers = 1000;
/** Maximum total size of these labels, whose length images and callers choose. */
const maxCachedBytes = 1024 ** 2;

/**
 * The labels of containers, for one reader of events with the filter `label`: events of the fleet have none. A container is
 * inspected at its first event. If it has been removed by then, it counts as a container without labels.
 */
export class EventLabels {
  readonly #readLabels: ReadLabels;
  readonly #filter: readonly string[];
  readonly #cached = new Map<string, CachedLabels>();

  /** @param filter `name=value` or a name; a container must have all of them */
  constructor(readLabels: ReadLabels, filter: readonly string[]) {
    this.#readLabels = readLabels;
    this.#filter = filter;
  }

  /** Returns the labels of the container of an event if they pass the filter; `undefined` for all other events. */
  async match(event: FleetEvent | undefined): Promise<Labels | undefined> {
    if (event?.type !== 'container') return undefined;
    const labels = await this.#read(event);
    return hasLabels(labels, this.#filter) ? labels : undefined;
  }

  #read({ full_id: id }: NodeEvent): Promise<Labels> {
    const known = this.#cached.get(id);
    if (known) return known.reading;
    const cached: CachedLabels = { reading: this.#readLabels(id), bytes: 0 };
    this.#cached.set(id, cached);
    cached.reading.then(
      labels => {
        cached.bytes = Buffer.byteLength(JSON.stringify(labels));
        this.#dropOldest();
      },
      // Tried again at the next event.
      () => this.#cached.delete(id),
    );
    return cached.reading.catch(() => ({}));
  }

  #dropOldest(): void {
    let bytes = this.#cached.values().reduce((sum, one) => sum + one.bytes, 0);
    for (const [id, oldest] of this.#cached) {
      if (this.#cached.size <= maxCachedContainers && bytes <= maxCachedBytes) return;
      this.#cached.delete(id);
      bytes -= oldest.bytes;
    }
  }
}

/** Creates the function that inspects containers for a reader. */
export function createLabelReader(request: DockerRequest): ReadLabels {
  return async name => {
    try {
      const { Config } = await runTask(request, dockerInspectContainer, { name });
      return Config.Labels;
    } catch (error) {
      if (error instanceof ApiError && error.type === 'NotFoundError') return {};
      throw error;
    }
  };
}
