import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@podman-api/runtime';

/** Podman's database of containers, below the graph root: BoltDB, for new storages SQLite from podman 5 on. */
const boltPath = 'libpod/bolt_state.db';
const sqlitePath = 'db.sql';

/** BoltDB has two meta pages, which commits write in turns (https://github.com/etcd-io/bbolt, `meta` in db.go). */
const boltMeta = { bytes: 80, magicAt: 16, magic: 0xed0cdaed, pageSizeAt: 24 } as const;
/**
 * Each commit changes the counter at byte 24 of the header. In WAL mode, which podman 5.4 does not use (seen), it changes the
 * header of the index in shared memory, or the file's time if no process has the database open
 * (https://sqlite.org/fileformat2.html#file_change_counter, https://sqlite.org/walformat.html#walidxfmt).
 */
const sqliteHeaderBytes = 100;
const walIndexHeaderBytes = 48;

/**
 * Returns a string that changes with every commit to podman's database, and not when podman only reads it. It is made of the
 * databases' own counters, because the time of a file is written before its content, and two commits may have the same time.
 * `run`, `exec`, `stop`, a container's own end and `rm` commit; `ps`, `inspect` and `logs` do not (seen with 4.3 and 5.4).
 * @returns `undefined` if there is no such file
 */
export function stateFingerprint(graphRoot: string): string | undefined {
  const bolt = readFromFile(join(graphRoot, boltPath), readBoltMeta);
  const sqlite = readFromFile(join(graphRoot, sqlitePath), file => readBytes(file, 0, sqliteHeaderBytes));
  const walIndex = sqlite && readFromFile(join(graphRoot, `${sqlitePath}-shm`), file => readBytes(file, 0, walIndexHeaderBytes));
  if (bolt === undefined && sqlite === undefined) return undefined;
  const modifiedAtNs = statSync(join(graphRoot, sqlitePath), { bigint: true, throwIfNoEntry: false })?.mtimeNs;
  return [databaseIdentity(graphRoot), bolt, sqlite, walIndex, modifiedAtNs].join();
}

/** Returns a string that changes when podman's database is replaced by another one, as `podman system reset` does. */
export function databaseIdentity(graphRoot: string): string {
  return [boltPath, sqlitePath].map(path => statSync(join(graphRoot, path), { throwIfNoEntry: false })?.ino).join();
}

function readBoltMeta(file: number): string {
  const first = readBytes(file, 0, boltMeta.bytes);
  const start = Buffer.from(first, 'base64');
  if (start.length < boltMeta.bytes || start.readUInt32LE(boltMeta.magicAt) !== boltMeta.magic) return first;
  return `${first} ${readBytes(file, start.readUInt32LE(boltMeta.pageSizeAt), boltMeta.bytes)}`;
}

/** Returns bytes of an open file in base64; fewer if the file is shorter. */
function readBytes(file: number, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  return bytes.toString('base64', 0, readSync(file, bytes, 0, length, position));
}

/** @returns `undefined` if there is no such file */
function readFromFile(path: string, read: (file: number) => string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return read(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
