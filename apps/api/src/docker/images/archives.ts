import { ApiError } from '@podman-api/errors';
import { familiarName, imageOperations } from '@podman-api/operations';
import { runTransfer } from '../../routes/operations/transfer.ts';
import { withImage } from '../image-names.ts';
import { sessionNode } from '../placement.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param } from '../route.ts';
import { checkTask } from '../run-task.ts';
import { runUpload } from './upload.ts';

/** Sends an image as a tar archive, for `docker save`. */
const saveImages: DockerRoute = {
  method: 'GET',
  path: '/images/get',
  async handle(request) {
    const given = request.ctx.query['names'] ?? [];
    const names = (Array.isArray(given) ? given : [given]).flatMap(text => text.split(',')).filter(name => name !== '');
    const [name, ...others] = names;
    if (name === undefined) throw new ApiError('ValidationError', 'names is missing: name an image.');
    if (others.length > 0) throw notImplemented('An archive of several images', 'save each image separately');
    await saveImage(request, name);
  },
};

const saveNamedImage: DockerRoute = {
  method: 'GET',
  path: '/images/*name/get',
  handle: request => saveImage(request, param(request, 'name')),
};

async function saveImage(request: DockerRequest, given: string): Promise<void> {
  await withImage(given, reference => {
    const input = checkTask(request, imageOperations.export, { reference });
    return runTransfer(request.ctx, request.parts, imageOperations.export, {
      input,
      prefer: { respondAsync: false, applied: '' },
      requestedNode: request.ctx.state.dockerSession?.node,
    });
  });
}

/** Loads the images of an archive on one node. */
const loadImages: DockerRoute = {
  method: 'POST',
  path: '/images/load',
  handle: async request =>
    runUpload(request, {
      operation: imageOperations.load,
      input: {},
      node: await sessionNode(request),
      async onResult(loaded, writeLine) {
        for (const { reference } of loaded) {
          const what = reference.startsWith('sha256:') ? `image ID: ${reference}` : `image: ${familiarName(reference)}`;
          await writeLine({ stream: `Loaded ${what}\n` });
        }
      },
    }),
};

/** The routes of archives of images. */
export const imageArchiveRoutes: readonly DockerRoute[] = [saveImages, saveNamedImage, loadImages];
