import { parseJobId } from '@podman-api/jobs';
import type { ClaimRequest, ContainerClaim, KnownContainer, PoolContainers } from '@podman-api/operations';
import type { EarlySessions } from '@podman-api/podman';
import type { Log } from '@podman-api/runtime';
import type { ClaimStore } from './claim-store.ts';
import type { Renamer } from './renamer.ts';
import type { StoreId } from './store-id.ts';

/** A container that a pool keeps ready, as this worker sees it. */
export interface IdleEntry {
  /** The short id. */
  readonly id: string;
  readonly fullId: string;
  readonly name: string;
  readonly pool: string;
  readonly revision: string;
  /** See `PoolMembership`. */
  readonly generation: string;
  /** See `PoolMembership`. */
  readonly store: string;
  /** Id in place of a job, which names the node. */
  readonly job: string;
  /** When it was created, in ms since 1970. */
  readonly createdAtMs: number;
  /** Whether it runs, as far as is known. */
  isRunning: boolean;
  /** Whether an exec session was opened, or cannot be. */
  isPrepared: boolean;
}

/** Dependencies for giving away idle containers. */
export interface IdleContainerParts {
  readonly claims: ClaimStore;
  readonly storeId: Pick<StoreId, 'read'>;
  /** Name of this node. */
  readonly node: string;
  /** Containers of another generation are not given away, see `PoolMembership`. */
  readonly generation: string;
  readonly renamer: Renamer;
  readonly sessions: Pick<EarlySessions, 'adopt'>;
  /** Called after a claim: the pool needs another container. */
  readonly onClaimed: () => void;
  readonly log: Log;
}

/** The idle containers of this node. */
export class IdleContainers implements PoolContainers {
  readonly #parts: IdleContainerParts;
  readonly #entries = new Map<string, IdleEntry>();
  #leftovers: readonly IdleEntry[] = [];

  constructor(parts: IdleContainerParts) {
    this.#parts = parts;
  }

  /** All idle containers by their short ids. */
  get entries(): ReadonlyMap<string, IdleEntry> {
    return this.#entries;
  }

  /** Containers that were to be removed and still exist. */
  get leftovers(): readonly IdleEntry[] {
    return this.#leftovers;
  }

  /** Adds a container that was just created. */
  add(entry: IdleEntry): void {
    this.#entries.set(entry.id, entry);
  }

  /** Replaces the idle containers by those that podman has listed. @param known all containers of the node by their short ids */
  sync(known: ReadonlyMap<string, KnownContainer>): void {
    for (const id of this.#entries.keys()) if (!known.has(id) || this.#isTaken(id)) this.#entries.delete(id);
    const leftovers: IdleEntry[] = [];
    for (const { id, name, idle, status } of known.values()) {
      // Workers of another node, or with another store, do not see the claims of this one: each uses only its own
      // containers.
      if (!idle || parseJobId(idle.job)?.node !== this.#parts.node || idle.store !== this.#parts.storeId.read()) continue;
      const entry = this.#entries.get(id) ?? { id, name, ...idle, isRunning: true, isPrepared: false };
      if (status !== 'running') entry.isRunning = false;
      const kind = this.#parts.claims.read(id)?.kind;
      if (kind === undefined) this.#entries.set(id, entry);
      else if (kind === 'removal') leftovers.push(entry);
    }
    this.#leftovers = leftovers;
  }

  /** Claims a container for its removal. @returns false if a caller has it */
  async takeForRemoval(id: string): Promise<boolean> {
    this.#entries.delete(id);
    return (await this.#parts.claims.take(id, { kind: 'removal' })) || this.#parts.claims.read(id)?.kind === 'removal';
  }

  /** Whether a container was created under the current policy, in this boot of the host. */
  isCurrent({ generation }: IdleEntry): boolean {
    return generation === this.#parts.generation;
  }

  /** Returns the containers of a specification that can be claimed. */
  listOf(pool: string, revision: string): readonly IdleEntry[] {
    const entries = [...this.#entries.values()].filter(entry => entry.pool === pool && entry.revision === revision);
    return entries.filter(entry => entry.isRunning && this.isCurrent(entry));
  }

  async claim({ pool, revision, name, job, labels, expiresAtMs }: ClaimRequest): Promise<ContainerClaim | undefined> {
    const wanted = this.listOf(pool, revision);
    for (const entry of [...wanted.filter(one => one.isPrepared), ...wanted.filter(one => !one.isPrepared)]) {
      // Another job may have taken it while this one waited for the disk.
      if (!this.#entries.delete(entry.id)) continue;
      const publicName = name ?? entry.name;
      const isNamed = publicName === entry.name;
      const claim: ContainerClaim = { id: entry.fullId, job, name: publicName, formerName: entry.name, isNamed, labels, expiresAtMs };
      if (!(await this.#take(entry.id, claim))) continue;
      this.#parts.sessions.adopt(entry.fullId, publicName);
      if (!claim.isNamed) this.#parts.renamer.add(claim);
      this.#parts.onClaimed();
      return claim;
    }
    return undefined;
  }

  get(id: string): ContainerClaim | undefined {
    const record = this.#parts.claims.read(id);
    return record?.kind === 'claim' ? record : undefined;
  }

  findByJob(job: string): ContainerClaim | undefined {
    return this.#parts.claims.findByJob(job);
  }

  findUnnamed(name: string): ContainerClaim | undefined {
    return this.#parts.claims.findUnnamed(name);
  }

  giveName(claim: ContainerClaim, signal: AbortSignal): Promise<string> {
    return this.#parts.renamer.renameNow(claim, signal);
  }

  poolOf(reference: string): string | undefined {
    for (const { name, fullId, pool } of this.#entries.values()) if (name === reference || fullId.startsWith(reference)) return pool;
    return undefined;
  }

  async #take(id: string, claim: ContainerClaim): Promise<boolean> {
    try {
      return await this.#parts.claims.take(id, { kind: 'claim', ...claim });
    } catch (error) {
      // On a full disk, a new container is created for the caller, or that fails with its own error.
      this.#parts.log.error({ err: error, id }, `could not record the claim of ${id}; it is not given to a caller`);
      return false;
    }
  }

  #isTaken(id: string): boolean {
    return this.#parts.claims.read(id) !== undefined;
  }
}
