import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseIdentity, stateFingerprint } from '../../src/service/fingerprint.ts';

let graphRoot: string;
beforeEach(() => {
  graphRoot = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
});
afterEach(() => {
  rmSync(graphRoot, { recursive: true });
});

const sqlitePath = () => join(graphRoot, 'db.sql');
const boltPath = () => join(graphRoot, 'libpod/bolt_state.db');

/** Opens a database as podman does, with a table of one row. */
function openDatabase(journalMode: string): DatabaseSync {
  const database = new DatabaseSync(sqlitePath());
  database.exec(`PRAGMA journal_mode=${journalMode}; PRAGMA synchronous=OFF`);
  database.exec('CREATE TABLE IF NOT EXISTS state (number INTEGER); INSERT INTO state VALUES (0)');
  return database;
}

/** Returns the two meta pages of a BoltDB after a number of commits, with a page size that is not the usual one. */
function boltPages(commits: number): Buffer {
  const pageSize = 16_384;
  const pages = Buffer.alloc(2 * pageSize);
  for (const commit of [commits - 1, commits]) {
    const start = (commit % 2) * pageSize;
    pages.writeUInt32LE(0xed0cdaed, start + 16);
    pages.writeUInt32LE(pageSize, start + 24);
    pages.writeBigUInt64LE(BigInt(commit), start + 64);
  }
  return pages;
}

describe('stateFingerprint', () => {
  it.each(['DELETE', 'WAL'])('changes with each of 200 commits to a SQLite database in the mode %s, and not when it is read', mode => {
    const database = openDatabase(mode);
    const seen = new Set([stateFingerprint(graphRoot)]);
    for (let index = 1; index <= 200; index += 1) {
      database.exec(`UPDATE state SET number = ${index}`);
      const fingerprint = stateFingerprint(graphRoot);
      database.prepare('SELECT number FROM state').all();
      expect(stateFingerprint(graphRoot)).toBe(fingerprint);
      seen.add(fingerprint);
    }
    database.close();
    expect(seen.size).toBe(201);
  });

  it('changes with commits of processes that open and close the database in the mode WAL', () => {
    const seen = new Set<string | undefined>();
    for (let index = 1; index <= 20; index += 1) {
      const database = openDatabase('WAL');
      database.exec(`UPDATE state SET number = ${index}`);
      database.close();
      seen.add(stateFingerprint(graphRoot));
    }
    expect(seen.size).toBe(20);
  });

  it('changes with each commit to a BoltDB, whichever meta page it writes', () => {
    mkdirSync(join(graphRoot, 'libpod'));
    writeFileSync(boltPath(), boltPages(10));
    const before = stateFingerprint(graphRoot);
    expect(stateFingerprint(graphRoot)).toBe(before);
    writeFileSync(boltPath(), boltPages(11));
    const after = stateFingerprint(graphRoot);
    writeFileSync(boltPath(), boltPages(12));
    expect(new Set([before, after, stateFingerprint(graphRoot)]).size).toBe(3);
  });

  it('is undefined without a database', () => {
    expect(stateFingerprint(graphRoot)).toBeUndefined();
    openDatabase('DELETE').close();
    expect(stateFingerprint(graphRoot)).toBeTypeOf('string');
  });
});

describe('databaseIdentity', () => {
  it('changes when the database is replaced, and not with a commit', () => {
    const database = openDatabase('DELETE');
    const before = databaseIdentity(graphRoot);
    database.exec('UPDATE state SET number = 1');
    database.close();
    expect(databaseIdentity(graphRoot)).toBe(before);
    writeFileSync(`${sqlitePath()}.new`, '');
    renameSync(`${sqlitePath()}.new`, sqlitePath());
    expect(databaseIdentity(graphRoot)).not.toBe(before);
  });
});
