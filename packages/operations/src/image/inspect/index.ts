import Joi from 'joi';
import { maskVariable } from '../../container/inspect/details.ts';
import { define } from '../../define.ts';
import { image } from '../../schemas/names.ts';
import { anyText, count, instant, listOf, shape, shortIdText, stringMap } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import { type ImageEntry, imageReach, inspectImage } from '../lookup/inspect-image.ts';

interface InspectImageInput {
  readonly reference: string;
}

/** Details of an image, as in the response. */
export interface ImageDetails {
  readonly id: string;
  readonly references: readonly string[];
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly created: string;
  readonly architecture: string;
  readonly os: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly user: string;
  readonly work_dir: string;
  readonly exposed_ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
}

/** Returns the details of an image. */
export const inspect = define<InspectImageInput, ImageDetails>({
  name: 'image.inspect',
  method: 'GET',
  path: '/images/:reference',
  reach: { ...imageReach, isSameOnAllNodes: true },
  scope: 'images:read',
  input: Joi.object<InspectImageInput>({ reference: image().required() }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'image',
  summary: 'Returns details of an image',
  description:
    'Slashes of the reference are encoded as `%2F`. If several nodes have it, one of them answers. Values of environment variables are masked, because an image can be created from a container.',
  results: {
    200: shape<ImageDetails>('ImageDetails', {
      id: shortIdText(),
      references: listOf(anyText()),
      digest: anyText(),
      size: count().description('Bytes on the node.'),
      created: instant(),
      architecture: anyText(),
      os: anyText(),
      environment: stringMap(),
      entrypoint: listOf(anyText()),
      command: listOf(anyText()),
      user: anyText(),
      work_dir: anyText(),
      exposed_ports: listOf(anyText()).description('Such as `80/tcp`.'),
      labels: stringMap(),
      node: Joi.string(),
    }),
  },
  example: {
    input: { reference: 'docker.io/library/nginx:1.29' },
    result: {
      id: '41f689c20910',
      references: ['docker.io/library/nginx:1.29'],
      digest: 'sha256:1e42bbe2508154c9126d48c2b8a75420c3544343bf86fd041fb7527e017a4b4a',
      size: 196_083_456,
      created: '2026-01-05T09:30:00.000Z',
      architecture: 'amd64',
      os: 'linux',
      environment: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', NGINX_VERSION: '***' },
      entrypoint: ['/docker-entrypoint.sh'],
      command: ['nginx', '-g', 'daemon off;'],
      user: '',
      work_dir: '',
      exposed_ports: ['80/tcp'],
      labels: {},
      node: 'local',
    },
  },
  run: async (podman, { reference }, { node, signal }) => toDetails(await inspectImage(podman, reference, signal), node),
});

function toDetails(entry: ImageEntry, node: string): ImageDetails {
  const { Config: config } = entry;
  return {
    id: shortId(entry.Id),
    references: entry.RepoTags ?? [],
    digest: entry.Digest,
    size: entry.Size,
    created: new Date(entry.Created).toISOString(),
    architecture: entry.Architecture,
    os: entry.Os,
    environment: Object.fromEntries((config.Env ?? []).map(maskVariable)),
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    user: entry.User,
    work_dir: config.WorkingDir ?? '',
    exposed_ports: Object.keys(config.ExposedPorts ?? {}),
    labels: entry.Labels ?? {},
    node,
  };
}
