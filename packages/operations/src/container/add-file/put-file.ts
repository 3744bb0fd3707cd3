import { randomBytes } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { readScript, runScript } from '../scripts/run-script.ts';
import {
  directoryError,
  kernelPathError,
  missingFolderError,
  type NewFile,
  notRegularError,
  unknownOwnerError,
  untrustedLinkError,
} from './new-file.ts';

const text = readScript(new URL('./put-file.sh', import.meta.url));

/** Reasons of faults that mean only that a script cannot run in this container. */
const scriptUnavailable: ReadonlySet<string> = new Set(['not-running', 'command-not-found', 'command-not-executable', 'no-report']);

/**
 * Puts a file into a running container by a script there.
 * @returns `false` if no script can run in it: it is stopped, or its image has no shell or lacks a tool
 * @throws ApiError if the file cannot be put
 */
export async function putFile(podman: Podman, container: string, file: NewFile, context: TaskContext): Promise<boolean> {
  const draft = `.podman-api-${randomBytes(8).toString('hex')}`;
  const args = [file.path, String(file.content.length), file.mode, file.owner, draft];
  const { outcome, details, fault } = await runScript(podman, container, { text, args, stdin: file.content }, context);
  if (fault && scriptUnavailable.has(fault.reason)) return false;
  if (fault) throw fault;
  if (outcome === 'no-tools') return false;
  if (outcome !== 'done') throw failure(outcome, details, file);
  return true;
}

function failure(outcome: string, details: string, { path, owner }: NewFile): ApiError {
  switch (outcome) {
    case 'directory':
      return directoryError(path);
    case 'not-regular':
      return notRegularError(path);
    case 'kernel':
      return kernelPathError(path);
    case 'no-folder':
      return missingFolderError(path, details);
    case 'link':
      return untrustedLinkError(path, details);
    case 'owner':
      return unknownOwnerError(owner);
    default:
      return new ApiError('PodmanAPIError', `The file could not be written: ${details}`);
  }
}
