import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerClaim } from '@podman-api/operations';
import { hasCode } from '@podman-api/runtime';

/** What has become of an idle container: a caller has claimed it, or the worker removes it. */
export type ClaimRecord = ({ readonly kind: 'claim' } & ContainerClaim) | { readonly kind: 'removal' };

/**
 * Records of this host about containers that are idle no more, one file for each, so that they survive the loss of Redis and the
 * exit of every process. The file system decides who gets a container: link(2) fails if there is a record.
 */
export interface ClaimStore {
  /** Records what becomes of an idle container. @returns false if there is a record already. @throws Error if it cannot be written */
  take(id: string, record: ClaimRecord): boolean;
  /** Returns the record of a container by its short id. */
  read(id: string): ClaimRecord | undefined;
  /** Returns all claims whose container does not have its public name yet. */
  unnamed(): readonly ContainerClaim[];
  findByJob(job: string): ContainerClaim | undefined;
  /** Returns the claim with a public name that its container does not have yet. */
  findUnnamed(name: string): ContainerClaim | undefined;
  /** Records that podman has a name for a claimed container. */
  setName(id: string, name: string): void;
  /** Deletes the records of other containers, except recent ones. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** Age below which a record is kept in any case: podman's last list may lack its container. */
const minAgeMs = 120_000;
/** The clock of file systems may be as coarse: a folder that changed more recently is read again. */
const clockTickMs = 20;

/** Opens the store of claims. @param folder the same for all workers of the node; created by the first claim */
export function openClaimStore(folder: string): ClaimStore {
  const records = new Map<string, ClaimRecord>();
  /** Claims without their public name in podman, by that name. */
  const unnamed = new Map<string, ContainerClaim>();
  /** Containers whose record this process has written. */
  const own = new Set<string>();
  let folderMtimeMs: number | undefined;

  const remember = (id: string, record: ClaimRecord) => {
    records.set(id, record);
    if (record.kind !== 'claim') return;
    if (record.isNamed) unnamed.delete(record.name);
    else unnamed.set(record.name, record);
  };
  const forget = (id: string) => {
    const record = records.get(id);
    records.delete(id);
    own.delete(id);
    if (record?.kind === 'claim' && unnamed.get(record.name)?.id === record.id) unnamed.delete(record.name);
  };
  /** Reads the records that other workers have written. */
  const refresh = () => {
    const mtimeMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
    if (mtimeMs === folderMtimeMs) return;
    const ids = new Set(mtimeMs === undefined ? [] : readdirSync(folder).filter(name => !name.startsWith('.')));
    for (const id of records.keys()) if (!ids.has(id)) forget(id);
    for (const id of ids) {
      const known = records.get(id);
      // Only the name of a claim by another worker can change without this process.
      if (known && (own.has(id) || known.kind === 'removal' || known.isNamed)) continue;
      const record = readRecord(join(folder, id));
      if (record) remember(id, record);
    }
    folderMtimeMs = mtimeMs !== undefined && Date.now() - mtimeMs > clockTickMs ? mtimeMs : undefined;
  };
  const writeDraft = (id: string, record: ClaimRecord) => {
    // Workers in containers of their own can have the same process id.
    const draft = join(folder, `.${id}.${randomUUID()}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
    return draft;
  };
  return {
    take(id, record) {
      const draft = writeDraft(id, record);
      try {
        linkSync(draft, join(folder, id));
        remember(id, record);
        own.add(id);
        return true;
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      } finally {
        rmSync(draft, { force: true });
      }
    },
    read(id) {
      refresh();
      return records.get(id);
    },
    unnamed() {
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
    setName(id, name) {
      const record = records.get(id);
      if (record?.kind !== 'claim') return;
      forget(id);
      const named = { ...record, name, isNamed: true };
      renameSync(writeDraft(id, named), join(folder, id));
      remember(id, named);
      own.add(id);
    },
    keepOnly(ids) {
      refresh();
      for (const id of [...records.keys()].filter(one => !ids.has(one))) {
        const path = join(folder, id);
        const writtenAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
        if (Date.now() - writtenAtMs < minAgeMs) continue;
        rmSync(path, { force: true });
        forget(id);
      }
    },
  };
}

/** Reads a record. @returns `undefined` if the file is gone, or is empty after a power loss */
function readRecord(path: string): ClaimRecord | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text === '' ? { kind: 'removal' } : JSON.parse(text);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
