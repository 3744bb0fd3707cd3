import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { onTestFinished } from 'vitest';
import { createAccounts } from '../../src/files/helper/accounts.ts';
import { extractArchive } from '../../src/files/helper/archive/extract.ts';
import { openArchive } from '../../src/files/helper/archive/pack.ts';
import { readEntries } from '../../src/files/helper/archive/read-entries.ts';
import { openTree } from '../../src/files/helper/tree.ts';
import type { ExtractedArchive, TreeMount } from '../../src/files/protocol.ts';

/** Files of a container that does not run, in a folder that is removed after the test. */
export interface TestTree {
  /** The folder on the host. */
  readonly root: string;
  extract(path: string, archive: Uint8Array): Promise<ExtractedArchive>;
  archive(path: string): Buffer;
}

/** Name of the folder in which archives are unpacked first. */
const draft = '.podman-api-draft';

export function createTestTree(mounts: readonly TreeMount[] = []): TestTree {
  const root = mkdtempSync(join(tmpdir(), 'podman-api-archive-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'srv'));
  const place = { kind: 'folder', path: root, mounts } as const;
  const open = () => {
    const tree = openTree(place);
    return { tree, accounts: createAccounts(tree, place) };
  };
  return {
    root,
    async extract(path, archive) {
      const { tree, accounts } = open();
      return extractArchive(tree, accounts, { verb: 'extract', path, draft }, cut(archive));
    },
    archive(path) {
      const { tree, accounts } = open();
      // A piece is valid until the next one is read.
      return Buffer.concat(Array.from(openArchive(tree, accounts, path).pieces, piece => Buffer.from(piece)));
    },
  };
}

/** Passes on an archive in pieces of an odd size. */
async function* cut(archive: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < archive.length; at += 777) yield archive.subarray(at, at + 777);
}

/** Creates an archive of entries, whose owner is the user that runs the tests. */
export async function packEntries(entries: readonly (Partial<Header> & { readonly name: string; readonly content?: string })[]) {
  const archive = pack();
  const ids = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  for (const { content = '', ...header } of entries) archive.entry({ mtime: new Date(1_700_000_000_000), ...ids, ...header }, content);
  archive.finalize();
  return buffer(archive);
}

/** Returns the names in an archive. */
export async function readNames(archive: Buffer): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { entry } of readEntries(cut(archive))) names.push(entry.name);
  return names;
}
