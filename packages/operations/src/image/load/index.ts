import Joi from 'joi';
import { define } from '../../define.ts';
import { nodeName } from '../../schemas/nodes.ts';
import { anyText, count, listOf, shape, shortIdText } from '../../schemas/shape.ts';
import { type LoadedImage, type LoadInput, loadImages, recoverLoad } from './run.ts';

/** Loads the images of a tar archive. */
export const load = define<LoadInput, readonly LoadedImage[]>({
  name: 'image.load',
  method: 'POST',
  path: '/images/load',
  reach: 'new',
  query: ['node'],
  scope: 'images:write',
  input: Joi.object<LoadInput>({ node: nodeName().description('The node. Default: the least loaded.') }),
  upload: { type: 'application/x-tar', acceptsGzip: true },
  noun: 'images',
  summary: 'Loads images from a tar archive',
  description:
    'The body is what `GET /images/export`, `docker save` or `podman save` returns, of up to `MAX_UPLOAD` bytes, after decompression with `Content-Encoding: gzip`. Another image that has one of the names loses that name. If ALLOWED_IMAGES is set, each name in the archive must begin with `localhost/`, and ALLOWED_IMAGES must not allow it: an image in an archive must not pass for an allowed one.',
  results: {
    200: listOf(
      shape<LoadedImage>('LoadedImage', {
        id: shortIdText(),
        reference: anyText().description('Its name; its id with `sha256:` if it has none in the archive.'),
        digest: anyText(),
        size: count().description('Bytes on the node.'),
        node: Joi.string(),
      }),
    ),
  },
  example: {
    input: {},
    result: [
      {
        id: '91ef0af61f39',
        reference: 'docker.io/library/alpine:3.20',
        digest: 'sha256:1e42bbe2508154c9126d48c2b8a75420c3544343bf86fd041fb7527e017a4b4a',
        size: 8_083_456,
        node: 'local',
      },
    ],
  },
  run: loadImages,
  recover: recoverLoad,
});
