import Joi from 'joi';
import { podmanProcessEnv, removeTempFiles } from '../../container/job-processes.ts';
import { define } from '../../define.ts';
import { imageRefusals } from '../../policy/rules.ts';
import { anyText, shape, shortIdText } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import { imageReach, inspectImage } from '../lookup/inspect-image.ts';
import { progressSink } from '../progress.ts';
import { authFile, type Credentials, credentials, imageReference } from '../reference.ts';

interface PushInput {
  readonly reference: string;
  readonly credentials?: Credentials;
}

interface PushedImage {
  readonly id: string;
  readonly reference: string;
  readonly node: string;
}

/** Pushes an image to its registry. */
export const push = define<PushInput, PushedImage>({
  name: 'image.push',
  method: 'POST',
  path: '/images/push',
  reach: imageReach,
  scope: 'images:write',
  input: Joi.object<PushInput>({
    reference: imageReference().required().description('A name of the image with its registry; `POST /images/{source}/tag` gives it one.'),
    credentials: credentials(),
  }),
  secrets: ['credentials'],
  noun: 'image',
  summary: 'Pushes an image to its registry',
  description: "The job's output has the progress, as for a pull.",
  results: { 200: shape<PushedImage>('PushedImage', { id: shortIdText(), reference: anyText(), node: Joi.string() }) },
  example: {
    input: { reference: 'registry.example.com/team/app:1.4' },
    result: { id: '91ef0af61f39', reference: 'registry.example.com/team/app:1.4', node: 'local' },
  },
  refusals: ({ reference }, policy) => imageRefusals(reference, 'always', policy, 'reference'),
  async run(podman, { reference, credentials: login }, context) {
    const { node, job, signal, output } = context;
    const { Id: id } = await inspectImage(podman, reference, signal);
    const { args, options } = authFile(reference, login);
    await podman.run(['push', ...args, '--', reference], {
      ...options,
      signal,
      env: podmanProcessEnv(context),
      onStderr: progressSink(output),
      tempFolderFor: job,
    });
    return { id: shortId(id), reference, node };
  },
  recover: (podman, _input, context) => removeTempFiles(podman, context),
});
