import Joi from 'joi';
import { optionSchemas } from '../../container/create/options.ts';
import { resourcesOf } from '../../container/create/resources.ts';
import { define } from '../../define.ts';
import { localImageName, newImageRefusals } from '../../policy/new-image.ts';
import { boundedList, boundedText } from '../../schemas/bounds.ts';
import { nodeName } from '../../schemas/nodes.ts';
import { queryFlag } from '../../schemas/query.ts';
import { anyText, count, shape, shortIdText } from '../../schemas/shape.ts';
import { imageReference } from '../reference.ts';
import { type BuildInput, type BuiltImage, buildImage, recoverBuild } from './run.ts';

/** Builds an image from a Containerfile and its context. */
export const build = define<BuildInput, BuiltImage>({
  name: 'image.build',
  method: 'POST',
  path: '/images/build',
  reach: 'new',
  query: ['tag', 'file', 'target', 'build_arg', 'label', 'platform', 'pull', 'memory', 'cpus', 'node'],
  scope: 'images:write',
  input: Joi.object<BuildInput>({
    tag: imageReference().required().description('The name of the image. Another image that has this name loses it.'),
    file: boundedText(1000)
      .pattern(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))/)
      .messages({ 'string.pattern.base': '{{#label}} must be a path in the context, without ".." and "/" at its beginning' })
      .description('The Containerfile in the context. Default: `Containerfile`, or `Dockerfile`.'),
    target: boundedText(100)
      .pattern(/^\w[\w.-]*$/)
      .messages({ 'string.pattern.base': '{{#label}} must be the name of a stage' })
      .description('The stage to build. Default: the last one.'),
    build_arg: boundedList(100, boundedText(10_000).pattern(/^[a-zA-Z_]\w*=/))
      .single()
      .messages({ 'string.pattern.base': '{{#label}} must be NAME=value' })
      .description(
        '`NAME=value` for an `ARG`; can be repeated. It is in no log, job or argument list, but may be in the history of the image.',
      ),
    label: boundedList(
      100,
      boundedText(10_000).pattern(/^(?!podman-api\.|io\.containers\.autoupdate|PODMAN_SYSTEMD_UNIT)[^\0\r\n=]{1,255}=[^\0\r\n]*$/),
    )
      .single()
      .messages({
        'string.pattern.base':
          "{{#label}} must be NAME=value on one line, and none of the labels of podman-api and of podman's own updates",
      })
      .description('`NAME=value` for a label of the image; can be repeated.'),
    platform: optionSchemas.platform,
    pull: queryFlag().description('Checks the registries for newer versions of all images. Default: only for images that the node lacks.'),
    memory: optionSchemas.memory.description('Memory of each RUN, such as `512m`. Default: no limit.'),
    cpus: optionSchemas.cpus.description('CPUs of each RUN. Default: no limit.'),
    node: nodeName().description('The node. Default: the least loaded.'),
  }),
  secrets: ['build_arg'],
  upload: { type: 'application/x-tar', acceptsGzip: true },
  noun: 'image',
  status: 201,
  summary: 'Builds an image from a tar archive with its context',
  description:
    "The body is the context, of up to `MAX_UPLOAD` bytes, after decompression with `Content-Encoding: gzip`. The job's output has what podman prints. There is no cache of layers. Not supported in a Containerfile are `ONBUILD`, `RUN --mount`, `ADD` of URLs and here-documents. ALLOWED_IMAGES applies to the images in it, and the tag is a new image: 403 if the name belongs to a registry, or if ALLOWED_IMAGES allows it: the new image must not pass for one of those.",
  results: {
    201: shape<BuiltImage>('BuiltImage', {
      id: shortIdText(),
      reference: anyText(),
      size: count().description('Bytes on the node.'),
      node: Joi.string(),
    }),
  },
  example: {
    input: { tag: 'localhost/app:1', build_arg: ['VERSION=1.4'] },
    result: { id: 'ab13f7e2c9d0', reference: 'localhost/app:1', size: 8_083_456, node: 'local' },
  },
  refusals: ({ tag }, policy) =>
    newImageRefusals(localImageName(tag), policy).map(({ message }) => ({ path: 'tag', message: message.replace(/^reference/, 'tag') })),
  resources: resourcesOf,
  run: buildImage,
  recover: recoverBuild,
});
