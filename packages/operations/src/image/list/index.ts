import Joi from 'joi';
import { define } from '../../define.ts';
import { matches, patternsOf } from '../../policy/patterns.ts';
import { boundedText } from '../../schemas/bounds.ts';
import { hasLabels, labelFilter } from '../../schemas/label-filter.ts';
import { queryFlag } from '../../schemas/query.ts';
import { anyText, count, instant, listOf, shape, shortIdText, stringMap } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import { type ListedEntry, readImages } from '../lookup/list-images.ts';

interface ListImagesInput {
  readonly reference?: string;
  readonly dangling?: boolean;
  readonly label?: readonly string[];
}

/** An image in a list, as in the response. */
export interface ListedImage {
  readonly id: string;
  readonly references: readonly string[];
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether a container uses it, running or stopped. */
  readonly in_use: boolean;
  readonly node: string;
}

/** Lists the images of the nodes. */
export const list = define<ListImagesInput, readonly ListedImage[]>({
  name: 'image.list',
  method: 'GET',
  path: '/images',
  reach: 'all',
  query: ['reference', 'dangling', 'label'],
  scope: 'images:read',
  input: Joi.object<ListImagesInput>({
    reference: boundedText(512).description(
      'A reference in which `*` matches any characters, with or without the tag and the parts before a `/`: `alpine` finds `docker.io/library/alpine:3.20`.',
    ),
    dangling: queryFlag().description('`true`: only images without a name; `false`: only images with one.'),
    label: labelFilter(),
  }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'images',
  summary: 'Lists the images',
  results: {
    200: listOf(
      shape<ListedImage>('ListedImage', {
        id: shortIdText(),
        references: listOf(anyText()).description('Its names; none if it is dangling.'),
        digest: anyText().description('Digest of its manifest.'),
        size: count().description('Bytes on the node.'),
        created: instant(),
        labels: stringMap(),
        in_use: Joi.boolean().description('Whether a container uses it, running or stopped.'),
        node: Joi.string(),
      }),
    ),
  },
  example: {
    input: {},
    result: [
      {
        id: '91ef0af61f39',
        references: ['docker.io/library/alpine:3.20'],
        digest: 'sha256:1e42bbe2508154c9126d48c2b8a75420c3544343bf86fd041fb7527e017a4b4a',
        size: 8_083_456,
        created: '2026-01-05T09:30:00.000Z',
        labels: {},
        in_use: true,
        node: 'local',
      },
    ],
  },
  async run(podman, input, { node, signal }) {
    return (await readImages(podman, signal)).filter(entry => isWanted(entry, input)).map(entry => toListed(entry, node));
  },
});

function isWanted({ Names, Labels }: ListedEntry, { reference, dangling, label }: ListImagesInput): boolean {
  const names = Names ?? [];
  return (
    (dangling === undefined || dangling === (names.length === 0)) &&
    (reference === undefined || names.some(name => matchesReference(name, reference))) &&
    hasLabels(Labels ?? {}, label)
  );
}

/** Whether a pattern matches a name, with or without its tag and the parts before a `/`. */
function matchesReference(name: string, pattern: string): boolean {
  const patterns = patternsOf([pattern]) ?? [];
  const parts = name.split('/');
  const forms = parts.map((_part, index) => parts.slice(index).join('/'));
  return forms.some(form => matches(patterns, form) || matches(patterns, form.replace(/:[^/:]*$/, '')));
}

function toListed({ Id, Names, Digest, Size, Created, Labels, Containers }: ListedEntry, node: string): ListedImage {
  return {
    id: shortId(Id),
    references: Names ?? [],
    digest: Digest ?? '',
    size: Size,
    created: new Date(Created * 1000).toISOString(),
    labels: Labels ?? {},
    in_use: Containers > 0,
    node,
  };
}
