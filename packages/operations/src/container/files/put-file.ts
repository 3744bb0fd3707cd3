import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { Context } from '../../operation.ts';
import { marked } from '../mark.ts';
import { toolMessage } from '../tool-message.ts';
import { hasNoFolder, isDirectory, isKernels, isNotRegular, isUntrustedLink, type NewFile, noOwner } from './new-file.ts';

const script = readFileSync(new URL('./put-file.sh', import.meta.url), 'utf8');

/** Faults that say no more than that a script can't run in this container. */
const noScript: ReadonlySet<string> = new Set(['not-running', 'command-not-found', 'command-not-executable', 'no-report']);

/**
 * Puts a file into a running container by a script there.
 * @returns `false` if no script can run in it: it is stopped, or its image has no shell or lacks a tool
 * @throws ApiError if the file can't be put
 */
export async function putFile(podman: Podman, container: string, file: NewFile, context: Context): Promise<boolean> {
  const { marks, options } = marked(podman, container, context);
  const draft = `.podman-api-${randomBytes(8).toString('hex')}`;
  const words = [file.path, String(file.content.length), file.mode, file.owner, draft];
  const argv = ['sh', '-c', script, 'sh', ...words];
  const command = { container, user: '0', argv, environment: {}, marks, stdin: file.content };
  const { line, fault } = await podman.script(command, options);
  if (fault && noScript.has(fault.reason)) return false;
  if (fault) throw fault;
  const [outcome = '', ...details] = line.split(' ');
  if (outcome === 'no-tools') return false;
  if (outcome !== 'done') throw failure(outcome, toolMessage(details.join(' ')), file);
  return true;
}

function failure(outcome: string, details: string, { path, owner }: NewFile): ApiError {
  switch (outcome) {
    case 'directory':
      return isDirectory(path);
    case 'not-regular':
      return isNotRegular(path);
    case 'kernel':
      return isKernels(path);
    case 'no-folder':
      return hasNoFolder(path, details);
    case 'link':
      return isUntrustedLink(path, details);
    case 'owner':
      return noOwner(owner);
    default:
      return new ApiError('PodmanAPIError', `The file could not be written: ${details}`);
  }
}
