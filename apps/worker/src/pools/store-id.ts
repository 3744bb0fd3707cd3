import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ApiError } from '@podman-api/errors';
import { hasCode } from '@podman-api/runtime';

const idPattern = /^[0-9a-f]{16}$/;
const idBytes = 8;
const damagedMessage = 'The file claim-store-id in STATE_DIR is damaged: remove it, and the idle containers of all pools of this node.';

/**
 * Id of the store of claims on this host. The containers of a pool have it as a label, because a worker with another store, after the
 * loss of `STATE_DIR` or beside another service, cannot know which of them are claimed, and must neither hand out nor remove them.
 */
export interface StoreId {
  /** Returns the id; `undefined` if there is none yet, or it cannot be read. */
  read(): string | undefined;
  /** Returns the id, which is created if there is none. @throws ApiError (500) if its file is damaged, Error if it cannot be written */
  ensure(): Promise<string>;
}

/** Opens the id of a store. @param path the same for all workers of the node */
export function openStoreId(path: string): StoreId {
  let known: string | undefined;
  const read = () => {
    known ??= readId(path);
    return known;
  };
  return {
    read,
    async ensure() {
      const id = read();
      if (id !== undefined) return id;
      await createId(path);
      const created = read();
      if (created === undefined) throw new ApiError('InternalError', damagedMessage);
      return created;
    },
  };
}

function readId(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return idPattern.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a new id, unless another worker does so first. */
async function createId(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, randomBytes(idBytes).toString('hex'), { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
