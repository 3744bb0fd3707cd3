import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Renewals } from '@podman-api/operations';
import { hasCode } from '@podman-api/runtime';

/** Time for which `get` caches the list of files; `read` is not cached. */
const listCacheMs = 200;

/** Age after which a removal counts as abandoned by its worker; podman may take a minute. */
const removalTimeoutMs = 90_000;

/** Age below which a renewal is kept in any case: podman's last list may lack its container. */
const minAgeMs = 120_000;

/** Renewals in files of this host, one per container, so that they survive the loss of Redis and the exit of every process. */
export interface RenewalStore extends Renewals {
  /** Reads the expiry of a container from its file, in ms since 1970; `undefined` if it was never renewed. */
  read(id: string): number | undefined;
  /**
   * Marks a container as being removed, until `unmarkAsRemoving` is called. Call `read` afterwards: a renewal from before the mark is
   * valid.
   */
  markAsRemoving(id: string): void;
  unmarkAsRemoving(id: string): void;
  /** Deletes the renewals of other containers, except recent ones. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/**
 * Opens the store of renewals.
 * @param folder the same for all workers of the node; created by the first renewal
 */
export function openRenewalStore(folder: string): RenewalStore {
  let renewedIds: ReadonlySet<string> = new Set();
  let readAtMs = Number.NEGATIVE_INFINITY;
  const listIds = () => {
    if (performance.now() - readAtMs < listCacheMs) return renewedIds;
    renewedIds = new Set(readIds(folder));
    readAtMs = performance.now();
    return renewedIds;
  };
  const readRenewal = (id: string) => readRenewalFile(join(folder, id));
  const read = (id: string) => readRenewal(id)?.expiresAtMs;
  const removalMarkPath = (id: string) => join(folder, `.${id}.ending`);
  return {
    read,
    get: id => (listIds().has(id) ? read(id) : undefined),
    set(id, expiresAtMs, requestedAtMs) {
      const current = readRenewal(id);
      if (current && current.requestedAtMs >= requestedAtMs) return current.expiresAtMs;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `.${id}.${process.pid}`);
      writeFileSync(draft, `${expiresAtMs} ${requestedAtMs}`, { flush: true });
      renameSync(draft, join(folder, id));
      flushFolder(folder);
      readAtMs = Number.NEGATIVE_INFINITY;
      return expiresAtMs;
    },
    isEnding(id) {
      const markedAtMs = statSync(removalMarkPath(id), { throwIfNoEntry: false })?.mtimeMs;
      return markedAtMs !== undefined && Date.now() - markedAtMs < removalTimeoutMs;
    },
    markAsRemoving(id) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(removalMarkPath(id), '');
      } catch {
        // If the disk is full, renewals cannot be written either, so the container is removed anyway.
      }
    },
    unmarkAsRemoving: id => rmSync(removalMarkPath(id), { force: true }),
    keepOnly(ids) {
      for (const id of readIds(folder).filter(name => !ids.has(name))) {
        const path = join(folder, id);
        if (Date.now() - statSync(path).mtimeMs > minAgeMs) rmSync(path, { force: true });
      }
    },
  };
}

function readIds(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Writes the entries of a folder to the disk, so that a renewal survives a power loss (fsync(2)). */
function flushFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a renewal. @returns `undefined` if there is no file, or if it is empty after a power loss */
function readRenewalFile(path: string): { readonly expiresAtMs: number; readonly requestedAtMs: number } | undefined {
  try {
    const [expiresAtMs = 0, requestedAtMs = 0] = readFileSync(path, 'utf8').split(' ').map(Number);
    return expiresAtMs > 0 ? { expiresAtMs, requestedAtMs } : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
