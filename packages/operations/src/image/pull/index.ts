import Joi from 'joi';
import { define } from '../../define.ts';
import { imageRefusals } from '../../policy/rules.ts';
import { type NodesChoice, nodesChoiceSchemas } from '../../schemas/nodes.ts';
import { anyText, count, shape, shortIdText } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import type { ImageEntry } from '../lookup/inspect-image.ts';
import { type Credentials, credentials, imageReference } from '../reference.ts';
import { pullImage, recoverPull } from './run.ts';

/** Input of `POST /images/pull`. */
export interface PullInput extends NodesChoice {
  readonly reference: string;
  /** Default: `always`. */
  readonly pull_policy?: 'always' | 'missing';
  readonly credentials?: Credentials;
}

/** An image that a node has, as in the response. */
export interface PulledImage {
  readonly id: string;
  readonly reference: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly node: string;
}

/** Pulls an image from its registry. */
export const pull = define<PullInput, PulledImage>({
  name: 'image.pull',
  method: 'POST',
  path: '/images/pull',
  reach: 'nodes',
  isRecoveryAwaited: true,
  scope: 'images:write',
  input: Joi.object<PullInput>({
    reference: imageReference().required(),
    pull_policy: Joi.string()
      .valid('always', 'missing')
      .description('`missing` queries the registry only if the node has no such image; default: `always`.'),
    credentials: credentials(),
    ...nodesChoiceSchemas,
  }).oxor('node', 'node_selector', 'all_nodes'),
  secrets: ['credentials'],
  noun: 'image',
  summary: 'Pulls an image',
  description:
    "The job's output has podman's own lines on stderr, and on stdout a line of JSON for each change of a layer: `{layer, status}`, and `bytes` and `total_bytes` if podman prints them. Pulls of the same image on a node run one after another, so that its layers are downloaded once. With `node_selector` or `all_nodes` the response has `images` and `failed`; it is an error if all nodes failed.",
  results: {
    200: shape<PulledImage>('PulledImage', {
      id: shortIdText(),
      reference: anyText(),
      digest: anyText().description('Digest of its manifest, such as `sha256:…`.'),
      size: count().description('Bytes on the node.'),
      node: Joi.string(),
    }),
  },
  example: {
    input: { reference: 'docker.io/library/alpine:3.20' },
    result: {
      id: '91ef0af61f39',
      reference: 'docker.io/library/alpine:3.20',
      digest: 'sha256:1e42bbe2508154c9126d48c2b8a75420c3544343bf86fd041fb7527e017a4b4a',
      size: 8_083_456,
      node: 'local',
    },
  },
  refusals: ({ reference }, policy) => imageRefusals(reference, 'always', policy, 'reference'),
  run: async (podman, input, context) => toPulled(await pullImage(podman, input, context), input.reference, context.node),
  recover: recoverPull,
});

function toPulled({ Id, Digest, Size }: ImageEntry, reference: string, node: string): PulledImage {
  return { id: shortId(Id), reference, digest: Digest, size: Size, node };
}
