import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommitPauses, shortId } from '@podman-api/operations';
import { hasCode } from '@podman-api/runtime';

/** Age below which a record is kept in any case: podman's last list may lack its container. */
const minAgeMs = 120_000;

/** Records in files of this host, one per commit, so that they survive the exit of every process. */
export interface CommitPauseStore extends CommitPauses {
  /** Deletes the records of other containers, except recent ones. @param ids short ids */
  keepOnly(ids: ReadonlySet<string>): void;
}

/**
 * Opens the store of commits that pause a container. A file is named after the container's id and the job.
 * @param folder the same for all workers of the node
 */
export function openCommitPauses(folder: string): CommitPauseStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const read = () => readFolder(folder).map(file => ({ file, id: file.slice(0, idLength), job: file.slice(idLength + 1) }));
  const removeWhere = (isUnwanted: (entry: { readonly file: string; readonly id: string; readonly job: string }) => boolean) => {
    for (const entry of read()) if (isUnwanted(entry)) rmSync(join(folder, entry.file), { force: true });
  };
  return {
    begin: (id, job) => writeFileSync(join(folder, `${id}.${job}`), '', { mode: 0o600 }),
    find: job => read().find(entry => entry.job === job)?.id,
    end: job => removeWhere(entry => entry.job === job),
    hasAny: () => readFolder(folder).length > 0,
    withdraw: id => removeWhere(entry => entry.id === id),
    keepOnly: ids => removeWhere(({ file, id }) => !ids.has(shortId(id)) && isOld(join(folder, file))),
  };
}

/** Hexadecimal digits of a container's full id. */
const idLength = 64;

function isOld(path: string): boolean {
  const changedAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return changedAtMs !== undefined && Date.now() - changedAtMs > minAgeMs;
}

function readFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
