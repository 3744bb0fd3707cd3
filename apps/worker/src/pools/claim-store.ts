import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerClaim, jobLabel } from '@podman-api/operations';
import { hasCode } from '@podman-api/runtime';

/** State of a container that is no longer idle: a caller has claimed it, or the worker removes it. */
export type ClaimRecord = ({ readonly kind: 'claim' } & ContainerClaim) | { readonly kind: 'removal' };

/**
 * Records of this host about containers that are no longer idle, one file for each, so that they survive the loss of Redis and
 * the exit of every process. The file system lets only one claim win: link(2) fails if there is a record.
 */
export interface ClaimStore {
  /**
   * Records the new state of an idle container. Resolves when the record is on the disk, so that it survives a power
   * loss.
   * @returns false if there is a record already
   * @throws Error if it cannot be written
   */
  take(id: string, record: ClaimRecord): Promise<boolean>;
  /** Returns the record of a container by its short id. One that cannot be read counts as the claim of an unknown job. */
  read(id: string): ClaimRecord | undefined;
  /** Returns all claims whose container does not have its public name yet. */
  listUnnamed(): readonly ContainerClaim[];
  findByJob(job: string): ContainerClaim | undefined;
  /** Returns the claim with a public name that its container does not have yet. */
  findUnnamed(name: string): ContainerClaim | undefined;
  /** Records that podman has a name for a claimed container. */
  setName(id: string, name: string): Promise<void>;
  /** Deletes the records of other containers, and drafts that killed workers have left, except recent files. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** Age below which a record is kept in any case: podman's last list may lack its container. */
const minAgeMs = 120_000;
/** Resolution of file times: a folder that changed more recently than this is read again. */
const clockTickMs = 20;

/** Placeholder for the job of a claim whose record cannot be read. No job has this id. */
const unknownJob = 'unknown';

/** Receives the errors of a store. */
interface ErrorLog {
  error(fields: object, message: string): void;
}

/** Opens the store of claims. @param folder the same for all workers of the node; created by the first claim */
export function openClaimStore(folder: string, log: ErrorLog): ClaimStore {
  const records = new Map<string, ClaimRecord>();
  /** Claims without their public name in podman, by that name. */
  const unnamed = new Map<string, ContainerClaim>();
  /** Containers whose record this process has written. */
  const writtenHere = new Set<string>();
  let folderMtimeMs: number | undefined;

  const remember = (id: string, record: ClaimRecord) => {
    forget(id);
    records.set(id, record);
    if (record.kind === 'claim' && !record.isNamed) unnamed.set(record.name, record);
  };
  const forget = (id: string) => {
    const record = records.get(id);
    records.delete(id);
    writtenHere.delete(id);
    if (record?.kind === 'claim' && unnamed.get(record.name)?.id === record.id) unnamed.delete(record.name);
  };
  /** Reads the records that other workers have written. */
  const refresh = () => {
    const mtimeMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
    if (mtimeMs === folderMtimeMs) return;
    const ids = new Set(listFiles().filter(name => !name.startsWith('.')));
    for (const id of records.keys()) if (!ids.has(id)) forget(id);
    for (const id of ids) {
      const known = records.get(id);
      // Only the name of a claim by another worker can change without this process.
      if (known && (writtenHere.has(id) || known.kind === 'removal' || known.isNamed)) continue;
      const record = readClaim(id);
      if (record) remember(id, record);
    }
    folderMtimeMs = mtimeMs !== undefined && Date.now() - mtimeMs > clockTickMs ? mtimeMs : undefined;
  };
  const readClaim = (id: string): ClaimRecord | undefined => {
    const path = join(folder, id);
    try {
      return parseRecord(readFileSync(path, 'utf8'));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      log.error(
        { err: error, id, path },
        `could not read the claim of the pool container ${id}, which is therefore kept: remove it when it is no longer used`,
      );
      return unknownClaim(id);
    }
  };
  const writeDraft = async (id: string, record: ClaimRecord) => {
    // Workers in separate containers can have the same process id.
    const draft = join(folder, `.${id}.${randomUUID()}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Flushed: after a power loss, the name that it gets may be on the disk without the content.
    try {
      await writeFile(draft, JSON.stringify(record), { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    return draft;
  };
  const listFiles = () => (existsSync(folder) ? readdirSync(folder) : []);
  const isRecent = (file: string) => {
    const writtenAtMs = statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - writtenAtMs < minAgeMs;
  };
  return {
    async take(id, record) {
      const path = join(folder, id);
      const draft = await writeDraft(id, record);
      try {
        linkSync(draft, path);
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      } finally {
        rmSync(draft, { force: true });
      }
      remember(id, record);
      writtenHere.add(id);
      await flushFolder(folder).catch(error => {
        rmSync(path, { force: true });
        forget(id);
        throw error;
      });
      return true;
    },
    read(id) {
      refresh();
      return records.get(id);
    },
    listUnnamed() {
      refresh();
      return [...unnamed.values()];
    },
    findByJob(job) {
      refresh();
      for (const record of records.values()) if (record.kind === 'claim' && record.job === job) return record;
      return undefined;
    },
    findUnnamed(name) {
      refresh();
      return unnamed.get(name);
    },
    async setName(id, name) {
      const record = records.get(id);
      if (record?.kind !== 'claim') return;
      const named = { ...record, name, isNamed: true };
      renameSync(await writeDraft(id, named), join(folder, id));
      remember(id, named);
      writtenHere.add(id);
    },
    keepOnly(ids) {
      refresh();
      for (const id of [...records.keys()].filter(one => !ids.has(one) && !isRecent(one))) {
        rmSync(join(folder, id), { force: true });
        forget(id);
      }
      const drafts = listFiles().filter(name => name.startsWith('.'));
      for (const draft of drafts.filter(name => !isRecent(name))) rmSync(join(folder, draft), { force: true });
    },
  };
}

/** @throws Error if the text is not a record, for example if it is empty */
function parseRecord(text: string): ClaimRecord {
  const record: unknown = JSON.parse(text);
  if (!isRecord(record)) throw new Error('the file contains no record of a claim');
  return record;
}

/** Distinguishes records, which only workers write, from the content of a damaged file. */
function isRecord(value: unknown): value is ClaimRecord {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return value.kind === 'removal' || (value.kind === 'claim' && 'id' in value && 'name' in value && 'labels' in value);
}

/** Returns the claim of an unknown caller: the container has the name that podman shows, and is neither idle nor removed. */
function unknownClaim(id: string): ClaimRecord {
  const labels = { [jobLabel]: unknownJob };
  return { kind: 'claim', id, job: unknownJob, name: '', formerName: '', isNamed: true, labels, expiresAtMs: null };
}

/** Writes the entries of a folder to the disk, so that they survive a power loss (fsync(2)). */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
