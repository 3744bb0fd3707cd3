import type { ExtractedArchive, HelperRequestOf } from '../../protocol.ts';
import type { Accounts } from '../accounts.ts';
import { removeFolder } from '../change.ts';
import { requirePlace } from '../entries.ts';
import { FileError } from '../failure.ts';
import { rejectKernelFileSystem } from '../mount-checks.ts';
import type { Tree } from '../tree.ts';
import { checkMerge, merge, type OpenFolder } from './merge.ts';
import { readEntries } from './read-entries.ts';
import { openStage } from './stage.ts';

/**
 * Unpacks a tar archive into a folder: as a hidden folder in it first, whose content is moved to its place when the archive is
 * complete and everything in it has been checked.
 * @param content ends when the archive is complete, and throws if it ends before; a piece is not used after the next one was read
 * @throws FileError; nothing is changed unless it happens while files are moved
 */
export async function extractArchive(
  tree: Tree,
  accounts: Accounts,
  { path, draft, dropsOwners = false }: HelperRequestOf<'extract'>,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ExtractedArchive> {
  const target = openTarget(tree, path);
  const stage = openStage(accounts, target.fd, draft, dropsOwners);
  let entries = 0;
  let size = 0;
  try {
    for await (const received of readEntries(content)) {
      await stage.add(received);
      entries += 1;
      size += received.entry.size;
    }
    stage.finishFolders();
    checkMerge(tree, stage.fd, target);
    merge(tree, stage, stage.fd, target, '');
  } finally {
    removeFolder(target.fd, draft, target.path, 0);
  }
  return { path: target.path, entries, size };
}

/** Removes the leftovers of an extraction whose helper was killed. */
export function discardExtraction(tree: Tree, { path, draft }: HelperRequestOf<'discard-extraction'>): void {
  const target = openTarget(tree, path);
  if (tree.openChild(target.fd, target.path, draft) !== undefined) removeFolder(target.fd, draft, target.path, 0);
}

/** @throws FileError (not-found, not-directory, kernel) */
function openTarget(tree: Tree, path: string): OpenFolder {
  const place = requirePlace(tree.resolve(path, { followsLast: true, isChange: true }));
  if (!place.stats.isDirectory()) throw new FileError('not-directory', place.path);
  rejectKernelFileSystem(place.fd, place.path);
  return { fd: place.fd, path: place.path };
}
