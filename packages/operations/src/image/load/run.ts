import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiError, type ErrorDetail } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { readContent } from '../../container/files/files.ts';
import { podmanProcessEnv, removeTempFiles } from '../../container/job-processes.ts';
import type { TaskContext } from '../../operation.ts';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import { localImageName, newImageRefusals } from '../../policy/new-image.ts';
import { hasPattern } from '../../policy/patterns.ts';
import type { Policy } from '../../policy/policy.ts';
import { shortId } from '../../short-id.ts';
import { inspectImage } from '../lookup/inspect-image.ts';
import { progressSink } from '../progress.ts';
import { readImageNames } from './image-names.ts';

/** Input of `POST /images/load`. */
export interface LoadInput {
  readonly node?: string;
}

/** An image that was loaded. */
export interface LoadedImage {
  readonly id: string;
  readonly reference: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly node: string;
}

/**
 * Loads the images of the archive on the job's channel. The archive is stored first, so that nothing is loaded of one that is
 * incomplete, or has a name that the policy forbids.
 */
export async function loadImages(podman: Podman, _input: LoadInput, context: TaskContext): Promise<readonly LoadedImage[]> {
  const { job, node, signal, output, policy } = context;
  const folder = await podman.createTempFolder(job);
  try {
    const path = join(folder, 'archive.tar');
    await storeContent(readContent(await context.channel()), path, signal);
    const refusals = (await readImageNames(path, signal)).flatMap(name => loadRefusals(name, policy));
    if (refusals.length > 0) throw forbiddenError(refusals);
    const stdout = await podman.run(['load', `--input=${path}`], {
      signal,
      env: { ...podmanProcessEnv(context), TMPDIR: folder },
      onStderr: progressSink(output),
    });
    const references = loadedReferences(stdout);
    await removeRefused(podman, references, policy);
    const images: LoadedImage[] = [];
    for (const reference of references) {
      const { Id, Digest, Size } = await inspectImage(podman, reference, signal);
      images.push({ id: shortId(Id), reference, digest: Digest, size: Size, node });
    }
    return images;
  } finally {
    await podman.removeTempFolder(job);
  }
}

/**
 * Returns why an image with a name must not be loaded. The caller decides its content, so it is a new image, whatever its name
 * is. Without ALLOWED_IMAGES it may have the name of a registry's image, as by `POST /images/:source/tag`.
 */
function loadRefusals(name: string, policy: Policy): readonly ErrorDetail[] {
  if (policy.images === undefined || hasPattern(policy.images, '*')) return [];
  return newImageRefusals(localImageName(name === '' ? 'unnamed' : name), policy).map(({ message }) => ({
    path: 'body',
    message: `body: the image ${name.slice(0, 200)}: ${message.replace(/^reference: /, '')}`,
  }));
}

/** Removes images that podman has loaded under a name that the lists in the archive hide. @throws ApiError (403) */
async function removeRefused(podman: Podman, references: readonly string[], policy: Policy): Promise<void> {
  const refusedReferences = references.filter(reference => loadRefusals(reference, policy).length > 0);
  if (refusedReferences.length === 0) return;
  await podman.run(['rmi', '--', ...refusedReferences]);
  throw forbiddenError(refusedReferences.flatMap(reference => loadRefusals(reference, policy)));
}

/** @throws ApiError if the node has no room, or what the content throws */
async function storeContent(content: AsyncIterable<Uint8Array>, path: string, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(content, createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    throw new ApiError('PodmanAPIError', 'The node has no room for the archive: remove images or containers there.', {}, { cause: error });
  }
}

/** Returns the names of loaded images, or their ids with `sha256:`, from what podman prints: `Loaded image: <name>` for each. */
export function loadedReferences(stdout: string): readonly string[] {
  const lines = stdout.matchAll(/^Loaded image(?:\(s\))?: (.+)$/gm);
  return [...new Set([...lines].flatMap(([, names = '']) => names.split(',').map(name => name.trim())))];
}

/** Removes the leftovers of a load whose worker died. @returns the error for its caller: loading again has the same effect */
export async function recoverLoad(podman: Podman, _input: LoadInput, context: TaskContext): Promise<ApiError> {
  await removeTempFiles(podman, context);
  return new ApiError('ServiceUnavailableError', 'The worker ended while it loaded the images: send the request again.');
}
