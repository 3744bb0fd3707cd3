import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Renewals } from '@podman-api/operations';
import { hasCode } from '@podman-api/runtime';

/** Time for which `get` caches the list of files; `read` is not cached. */
const listCacheMs = 200;

/** Age after which a removal counts as abandoned by its worker; podman may take a minute. */
const removalTimeoutMs = 90_000;

/** Renewals that are younger are kept, because podman's last list may lack their container. */
const minAgeMs = 120_000;

/** Renewals in files of this host, one a container, so that they outlive Redis and every process. */
export interface KeptRenewals extends Renewals {
  /** Reads the expiry of a container from its file, in ms since 1970; `undefined` if it was never renewed. */
  read(id: string): number | undefined;
  /** Marks a container as being removed. Call `read` afterwards: a renewal before the mark counts. `unmarkAsRemoving` clears the mark. */
  markAsRemoving(id: string): void;
  unmarkAsRemoving(id: string): void;
  /** Deletes the renewals of other containers, except recent ones. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/**
 * Opens the renewals.
 * @param folder the same for all workers of the node
 */
export function openRenewals(folder: string): KeptRenewals {
  let renewed: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  const names = () => {
    if (performance.now() - readAt < listCacheMs) return renewed;
    renewed = new Set(readNames(folder));
    readAt = performance.now();
    return renewed;
  };
  const readRenewal = (id: string) => parseRenewal(join(folder, id));
  const read = (id: string) => readRenewal(id)?.expires;
  const ending = (id: string) => join(folder, `.${id}.ending`);
  return {
    read,
    get: id => (names().has(id) ? read(id) : undefined),
    set(id, expires, requestedAt) {
      const current = readRenewal(id);
      if (current && current.requestedAt >= requestedAt) return current.expires;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `.${id}.${process.pid}`);
      writeFileSync(draft, `${expires} ${requestedAt}`, { flush: true });
      renameSync(draft, join(folder, id));
      flush(folder);
      readAt = Number.NEGATIVE_INFINITY;
      return expires;
    },
    isEnding(id) {
      const since = statSync(ending(id), { throwIfNoEntry: false })?.mtimeMs;
      return since !== undefined && Date.now() - since < removalTimeoutMs;
    },
    markAsRemoving(id) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(ending(id), '');
      } catch {
        // If the disk is full, renewals cannot be written either, so the container is removed anyway.
      }
    },
    unmarkAsRemoving: id => rmSync(ending(id), { force: true }),
    keepOnly(ids) {
      for (const id of readNames(folder).filter(name => !ids.has(name))) {
        const path = join(folder, id);
        if (Date.now() - statSync(path).mtimeMs > minAgeMs) rmSync(path, { force: true });
      }
    },
  };
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Writes the entries of a folder to the disk, so that a renewal survives a power loss (fsync(2)). */
function flush(folder: string): void {
  const open = openSync(folder, 'r');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

/** Reads a renewal; `undefined` if there is no file, or if it is empty after a power loss. */
function parseRenewal(path: string): { readonly expires: number; readonly requestedAt: number } | undefined {
  try {
    const [expires = 0, requestedAt = 0] = readFileSync(path, 'utf8').split(' ').map(Number);
    return expires > 0 ? { expires, requestedAt } : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
