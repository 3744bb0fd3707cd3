import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { failedFor } from '../../container/failed-for.ts';
import { readContainers } from '../../container/lookup/ps.ts';
import { isStopped } from '../../container/status.ts';
import { define } from '../../define.ts';
import type { TaskContext } from '../../operation.ts';
import { image } from '../../schemas/names.ts';
import { queryFlag } from '../../schemas/query.ts';
import { anyText, shape } from '../../schemas/shape.ts';
import { imageReach, inspectImage } from '../lookup/inspect-image.ts';

interface RemoveImageInput {
  readonly reference: string;
  readonly force?: boolean;
}

interface RemovedImage {
  readonly reference: string;
  readonly removed: true;
  readonly node: string;
}

/** Removes a name of an image, and the image itself with its last name. */
export const remove = define<RemoveImageInput, RemovedImage>({
  name: 'image.remove',
  method: 'DELETE',
  path: '/images/:reference',
  reach: imageReach,
  query: ['force'],
  scope: 'images:write',
  input: Joi.object<RemoveImageInput>({
    reference: image().required(),
    force: queryFlag().description('Removes all names of the image too, and the stopped containers that use it.'),
  }),
  noun: 'image',
  summary: 'Removes an image',
  description:
    'A reference removes that name, and the image with its last name. 409 while a container uses the image; with `force` only while a container that is not stopped does.',
  results: { 200: shape<RemovedImage>('RemovedImage', { reference: anyText(), removed: Joi.valid(true), node: Joi.string() }) },
  example: {
    input: { reference: 'docker.io/library/alpine:3.20' },
    result: { reference: 'docker.io/library/alpine:3.20', removed: true, node: 'local' },
  },
  async run(podman, { reference, force = false }, context) {
    const { Id: id, RepoTags } = await inspectImage(podman, reference, context.signal);
    if (force) await removeStoppedContainers(podman, id, context);
    const names = RepoTags ?? [];
    const own = reference.startsWith('sha256:') ? id : reference;
    const wanted = force && names.length > 0 ? names : [own];
    // Never `rmi --force`, which ends running containers.
    await podman.run(['rmi', '--', ...wanted], { signal: context.signal });
    return { reference, removed: true, node: context.node };
  },
});

/**
 * @throws ApiError (409) if a container of the image is not stopped. None is removed then, unless the container was started after the
 * list was read.
 */
async function removeStoppedContainers(podman: Podman, imageId: string, { signal }: TaskContext): Promise<void> {
  const dependentContainers = (await readContainers(podman, true)).filter(({ ImageID }) => ImageID === imageId);
  const [active] = dependentContainers.filter(({ State }) => !isStopped(State));
  if (active) throw notStoppedError(active);
  for (const container of dependentContainers) {
    await podman.run(['rm', '--volumes', '--', container.Id], { signal }).catch(error => {
      if (failedFor('running', error)) throw notStoppedError(container);
      // It was removed since the list was read.
      if (!failedFor('no-container', error)) throw error;
    });
  }
}

function notStoppedError({ Names, Id }: { readonly Names: readonly string[]; readonly Id: string }): ApiError {
  return new ApiError('ConflictError', `The container ${Names[0] ?? Id} uses the image and is not stopped: stop or remove it first.`);
}
