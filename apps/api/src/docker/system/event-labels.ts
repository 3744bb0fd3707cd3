import type { FleetEvent, NodeEvent } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { dockerInspectContainer, hasLabels } from '@podman-api/operations';
import { objectField } from '../json.ts';
import type { DockerRequest } from '../route.ts';
import { runTask } from '../run-task.ts';

/** Labels of a container by their names. */
export type Labels = Readonly<Record<string, string>>;

/** Containers whose labels are cached for one reader; the oldest are dropped first. */
const maxCachedContainers = 1000;

/**
 * The labels of containers, for one reader of events with the filter `label`: events of the fleet have none. A container is
 * inspected at its first event. If it has been removed by then, it counts as a container without labels.
 */
export class EventLabels {
  readonly #request: DockerRequest;
  readonly #filter: readonly string[];
  readonly #labels = new Map<string, Promise<Labels>>();

  /** @param filter `name=value` or a name; a container must have all of them */
  constructor(request: DockerRequest, filter: readonly string[]) {
    this.#request = request;
    this.#filter = filter;
  }

  /** Returns the labels of the container of an event if they pass the filter; `undefined` for all other events. */
  async match(event: FleetEvent | undefined): Promise<Labels | undefined> {
    if (event?.type !== 'container') return undefined;
    const labels = await this.#read(event);
    return hasLabels(labels, this.#filter) ? labels : undefined;
  }

  #read({ full_id: id }: NodeEvent): Promise<Labels> {
    const known = this.#labels.get(id);
    if (known) return known;
    const [oldest] = this.#labels.keys();
    if (oldest !== undefined && this.#labels.size >= maxCachedContainers) this.#labels.delete(oldest);
    const reading = this.#inspect(id);
    this.#labels.set(id, reading);
    // Tried again at the next event.
    reading.catch(() => this.#labels.delete(id));
    return reading.catch(() => ({}));
  }

  async #inspect(name: string): Promise<Labels> {
    try {
      const container = await runTask(this.#request, dockerInspectContainer, { name });
      const labels = Object.entries(objectField(objectField(container, 'Config'), 'Labels'));
      return Object.fromEntries(labels.map(([label, value]) => [label, String(value)]));
    } catch (error) {
      if (error instanceof ApiError && error.type === 'NotFoundError') return {};
      throw error;
    }
  }
}
