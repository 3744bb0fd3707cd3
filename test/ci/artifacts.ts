import { cpSync, globSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Variables } from './workflow.ts';

interface Folders {
  readonly workspace: string;
  /** Shared by all jobs of a workflow. */
  readonly temp: string;
}

/**
 * Keeps the files that match `path`, as actions/upload-artifact does.
 * @throws Error if none matches and `if-no-files-found` is `error`
 */
export function uploadArtifact({ name = '', path = '', 'if-no-files-found': ifNone }: Variables, { workspace, temp }: Folders): void {
  const files = globSync(path, { cwd: workspace });
  if (files.length === 0 && ifNone === 'error') throw new Error(`no files match ${path}`);
  for (const file of files) cpSync(join(workspace, file), join(temp, 'artifacts', name, basename(file)));
}

/** Puts the files of an artifact into the folder `path`, as actions/download-artifact does. */
export function downloadArtifact({ name = '', path = '.' }: Variables, { workspace, temp }: Folders): void {
  const target = join(workspace, path);
  mkdirSync(target, { recursive: true });
  cpSync(join(temp, 'artifacts', name), target, { recursive: true });
}
