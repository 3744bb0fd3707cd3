import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PodmanFault } from '../error-patterns/podman-fault.ts';
import { isRemotePodman } from '../process/remote-podman.ts';
import type { PodmanHost } from '../process/spawn.ts';
import { inspectPath, type Query } from '../service/podman-service.ts';

/** A reference to a container, and the container that it meant at one time. */
export interface IdentifiedContainer {
  /** Name, id or beginning of the id. */
  readonly reference: string;
  /** Full id; `undefined` if it is not known. */
  readonly id: string | undefined;
}

const fullId = /^[0-9a-f]{64}$/;

/** Output of `podman container inspect`: the fields that this driver reads. */
export interface InspectedContainer {
  readonly Id: string;
  /** `<storage>/overlay-containers/<id>/userdata` on podman's host. */
  readonly StaticDir: string;
  readonly Config: { readonly WorkingDir: string };
  readonly State: { readonly Running: boolean; readonly Paused: boolean; readonly StartedAt: string };
  readonly HostConfig: { readonly PidsLimit: number; readonly Memory: number };
}

/** A Go template for these fields alone: labels, variables and commands can be large (podman-inspect(1)). */
const inspectedFormat =
  '{"Id":{{json .ID}},"StaticDir":{{json .StaticDir}},"Config":{"WorkingDir":{{json .Config.WorkingDir}}},' +
  '"State":{"Running":{{.State.Running}},"Paused":{{.State.Paused}},"StartedAt":{{json .State.StartedAt}}},' +
  '"HostConfig":{"PidsLimit":{{.HostConfig.PidsLimit}},"Memory":{{.HostConfig.Memory}}}}';

/** Remembered references; more than a host has containers in use at once. */
const maxKnownReferences = 2000;

/** A container in the list of podman's storage, `containers.json` of containers/storage. */
interface StoredContainer {
  readonly id: string;
  readonly names?: readonly string[];
}

/**
 * Resolves names and beginnings of ids. Podman's storage has a list of all containers, which changes only when one is created,
 * renamed or removed. After a change, names and full ids are looked up in that list, which takes less than a millisecond.
 * Podman resolves references that are not in the list, and all references if the list cannot be read because podman runs on another
 * machine.
 */
export class ContainerIds {
  readonly #host: PodmanHost;
  readonly #podman: (args: readonly string[]) => Promise<string>;
  readonly #query: Query;
  readonly #known = new Map<string, { readonly id: string | undefined; readonly listVersion: string }>();
  #listPath: string | undefined;
  /** Ids by name and by id, as of a version of the list. */
  #stored: { readonly ids: ReadonlyMap<string, string>; readonly listVersion: string } | undefined;

  /**
   * @param podman runs podman and returns its stdout
   * @param query queries podman's service
   */
  constructor(host: PodmanHost, podman: (args: readonly string[]) => Promise<string>, query: Query) {
    this.#host = host;
    this.#podman = podman;
    this.#query = query;
  }

  /**
   * Returns the full id of a container, `undefined` if there is none.
   * @throws ApiError if podman fails
   */
  async resolveId(container: string): Promise<string | undefined> {
    // Read before podman is queried, so that a change in between leads to one more query.
    const listVersion = this.#listVersion();
    const known = this.#knownId(container, listVersion);
    if (known) return known.id;
    const id = this.#readStoredId(container, listVersion) ?? (await this.#queryId(container));
    if (this.#known.size >= maxKnownReferences) this.#known.clear();
    if (listVersion !== undefined) this.#known.set(container, { id, listVersion });
    return id;
  }

  /** Returns a reference with the id that it means now, if that can be known without a query of podman. */
  identify(reference: string): IdentifiedContainer {
    if (fullId.test(reference)) return { reference, id: reference };
    const listVersion = this.#listVersion();
    const known = this.#knownId(reference, listVersion);
    return { reference, id: known ? known.id : this.#readStoredId(reference, listVersion) };
  }

  /** @throws ApiError if there is no such container, or podman fails */
  async inspect(container: string): Promise<InspectedContainer> {
    const inspected: InspectedContainer = JSON.parse(
      (await this.#query(inspectPath(container))) ??
        (await this.#podman(['container', 'inspect', `--format=${inspectedFormat}`, '--', container])),
    );
    this.#listPath = join(dirname(dirname(inspected.StaticDir)), 'containers.json');
    return inspected;
  }

  #knownId(container: string, listVersion: string | undefined): { readonly id: string | undefined } | undefined {
    const known = this.#known.get(container);
    return known?.listVersion === listVersion ? known : undefined;
  }

  #queryId(container: string): Promise<string | undefined> {
    return this.inspect(container).then(
      inspected => inspected.Id,
      (error: unknown) => {
        if (error instanceof PodmanFault && error.reason === 'no-container') return undefined;
        throw error;
      },
    );
  }

  /** Looks a name or a full id up in the list of podman's storage. */
  #readStoredId(container: string, listVersion: string | undefined): string | undefined {
    if (listVersion === undefined || this.#listPath === undefined) return undefined;
    if (this.#stored?.listVersion !== listVersion) this.#stored = { ids: readStoredIds(this.#listPath), listVersion };
    return this.#stored.ids.get(container);
  }

  #listVersion(): string | undefined {
    if (this.#listPath === undefined || isRemotePodman(this.#host)) return undefined;
    const stats = statSync(this.#listPath, { bigint: true, throwIfNoEntry: false });
    return stats && `${stats.ino} ${stats.mtimeNs}`;
  }
}

/** Reads the ids of all containers, by name and by id. @returns an empty map if the list cannot be read */
function readStoredIds(path: string): ReadonlyMap<string, string> {
  try {
    const containers: readonly StoredContainer[] = JSON.parse(readFileSync(path, 'utf8'));
    // An id takes precedence over a name, as for podman.
    return new Map([
      ...containers.flatMap(({ id, names }) => (names ?? []).map(name => [name, id] as const)),
      ...containers.map(({ id }) => [id, id] as const),
    ]);
  } catch {
    return new Map();
  }
}
