import { constants, fstatSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import type { FileTree } from '../protocol.ts';
import { FileError } from './failure.ts';
import { pathOf, type Tree } from './tree.ts';

/** Largest `/etc/passwd` or `/etc/group` that is read: a line has some 60 bytes. */
const maxFileBytes = 1024 ** 2;
/** Largest id; the next one means "no change" (chown(2)). */
const maxId = 2 ** 32 - 2;

/** Users and groups of a container. Ids are the container's own; `toHost` and `toContainer` convert them. */
export interface Accounts {
  readonly userName: (uid: number) => string | null;
  readonly groupName: (gid: number) => string | null;
  /**
   * Looks up the ids of an owner such as `1000`, `www:www` or `app`.
   * @throws FileError (owner) if the container has no such user or group
   */
  readonly lookUp: (owner: string) => { readonly uid: number; readonly gid: number };
  readonly uids: IdMap;
  readonly gids: IdMap;
}

/** Converts ids between a container's user namespace and this process's. */
export interface IdMap {
  toHost(id: number): number;
  toContainer(id: number): number;
}

interface AccountLine {
  readonly name: string;
  readonly id: number;
  readonly group: number;
}

/** Reads the users and groups of a container from its own files, once they are needed. */
export function createAccounts(tree: Tree, fileTree: FileTree): Accounts {
  const passwd = memoize(() => parseLines(readText(tree, '/etc/passwd')));
  const group = memoize(() => parseLines(readText(tree, '/etc/group')));
  const lookUp = (lines: readonly AccountLine[], text: string, owner: string) => {
    const id = /^\d{1,10}$/.test(text) && Number(text) <= maxId ? Number(text) : undefined;
    const line = lines.find(id === undefined ? one => one.name === text : one => one.id === id);
    if (id === undefined && !line) throw new FileError('owner', owner);
    return { id: id ?? line?.id ?? 0, group: line?.group };
  };
  return {
    userName: uid => passwd().find(({ id }) => id === uid)?.name ?? null,
    groupName: gid => group().find(({ id }) => id === gid)?.name ?? null,
    lookUp(owner) {
      const [userText = '', groupText] = owner.split(':');
      const user = lookUp(passwd(), userText, owner);
      return { uid: user.id, gid: groupText === undefined ? (user.group ?? user.id) : lookUp(group(), groupText, owner).id };
    },
    uids: readIdMap(fileTree, 'uid_map'),
    gids: readIdMap(fileTree, 'gid_map'),
  };
}

function memoize<Value>(compute: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** Reads a regular file of the container; empty if there is none, or it is too large. */
function readText(tree: Tree, path: string): string {
  try {
    const { fd, stats } = tree.resolve(path, { followsLast: true, isChange: false });
    if (fd === undefined || !stats?.isFile() || stats.size > maxFileBytes) return '';
    const file = openSync(pathOf(fd), constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(fstatSync(file).size);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
  } catch {
    return '';
  }
}

function parseLines(text: string): readonly AccountLine[] {
  return text.split('\n').flatMap(line => {
    const [name = '', , id = '', group = ''] = line.split(':');
    return name !== '' && /^\d+$/.test(id) ? [{ name, id: Number(id), group: Number(group) }] : [];
  });
}

/**
 * Reads how ids of a container's user namespace map to those of this process (user_namespaces(7)). They are the same if both are in the
 * same namespace, as they can be without root: the map then shows ids of the parent namespace.
 */
function readIdMap(fileTree: FileTree, file: 'uid_map' | 'gid_map'): IdMap {
  const namespaceOf = (pid: number | 'self') => readlinkSync(`/proc/${pid}/ns/user`);
  const isSame = fileTree.kind === 'folder' || namespaceOf(fileTree.pid) === namespaceOf('self');
  if (isSame) return { toHost: id => id, toContainer: id => id };
  const ranges = readFileSync(`/proc/${fileTree.pid}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
    .map(([inside = 0, outside = 0, length = 0]) => ({ inside, outside, length }));
  const convert = (id: number, from: 'inside' | 'outside', to: 'inside' | 'outside') => {
    const range = ranges.find(one => id >= one[from] && id < one[from] + one.length);
    return range && range[to] + id - range[from];
  };
  return {
    toHost(id) {
      const outside = convert(id, 'inside', 'outside');
      if (outside === undefined) throw new FileError('owner', String(id));
      return outside;
    },
    toContainer: id => convert(id, 'outside', 'inside') ?? id,
  };
}
