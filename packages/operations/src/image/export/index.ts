import Joi from 'joi';
import { podmanProcessEnv, removeTempFiles } from '../../container/job-processes.ts';
import { define } from '../../define.ts';
import { imageRefusals } from '../../policy/rules.ts';
import { image } from '../../schemas/names.ts';
import { anyText, count, shape } from '../../schemas/shape.ts';
import { imageReach, inspectImage } from '../lookup/inspect-image.ts';

interface ExportInput {
  readonly reference: string;
}

/** Result of an export job. */
interface ExportedImage {
  readonly reference: string;
  /** Bytes that were sent. */
  readonly size: number;
  readonly node: string;
}

/** Sends an image as a tar archive. */
export const exportImage = define<ExportInput, ExportedImage>({
  name: 'image.export',
  method: 'GET',
  path: '/images/export',
  reach: imageReach,
  query: ['reference'],
  scope: 'images:read',
  input: Joi.object<ExportInput>({ reference: image().required() }),
  download: { type: 'application/x-tar', statuses: [200] },
  noun: 'image',
  summary: 'Returns an image as a tar archive',
  description:
    'The archive has the format of `docker save`, with the name that was given; `POST /images/load` and `docker load` accept it. If it fails after it has begun, the connection is closed before the end.',
  results: {
    200: shape<ExportedImage>('ExportedImage', {
      reference: anyText(),
      size: count().description('Bytes that were sent.'),
      node: Joi.string(),
    }),
  },
  example: {
    input: { reference: 'docker.io/library/alpine:3.20' },
    result: { reference: 'docker.io/library/alpine:3.20', size: 8_083_456, node: 'local' },
  },
  // The archive has all files of the image.
  refusals: ({ reference }, policy) => imageRefusals(reference, 'never', policy, 'reference'),
  async run(podman, { reference }, context) {
    const { node, job, signal, channel: openChannel } = context;
    const { Id: id } = await inspectImage(podman, reference, signal);
    // With an id, podman would write no name into the archive.
    const source = reference.startsWith('sha256:') ? id : reference;
    const channel = await openChannel();
    await channel.send({ status: 200, headers: {} });
    let size = 0;
    const onBytes = async (bytes: Uint8Array) => {
      size += bytes.length;
      await channel.write(bytes);
    };
    const args = ['save', '--quiet', '--format=docker-archive', '--', source];
    await podman.pipe(args, onBytes, { signal, env: podmanProcessEnv(context), tempFolderFor: job });
    await channel.end();
    return { reference, size, node };
  },
  recover: (podman, _input, context) => removeTempFiles(podman, context),
});
