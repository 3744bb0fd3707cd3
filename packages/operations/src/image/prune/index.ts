import Joi from 'joi';
import { define } from '../../define.ts';
import { boundedList, boundedText } from '../../schemas/bounds.ts';
import { anyText, count, listOf, shape, shortIdText } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import { readImages } from '../lookup/list-images.ts';

interface PruneImagesInput {
  readonly all?: boolean;
  readonly until?: string;
  readonly label?: readonly string[];
}

/** An image that was removed, as in the response. */
export interface PrunedImage {
  readonly id: string;
  readonly references: readonly string[];
  /** Bytes; shared layers may remain. */
  readonly size: number;
  readonly node: string;
}

/** Removes images that no container uses. */
export const prune = define<PruneImagesInput, readonly PrunedImage[]>({
  name: 'image.prune',
  method: 'POST',
  path: '/images/prune',
  reach: 'all',
  scope: 'images:write',
  input: Joi.object<PruneImagesInput>({
    all: Joi.boolean().description('Also images with a name; default: only dangling ones.'),
    until: boundedText(64)
      .pattern(/^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+$|^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?$/)
      .messages({ 'string.pattern.base': '{{#label}} must be an age such as 24h or 1h30m, or a time such as 2026-01-05T09:30:00Z' })
      .description('Only images created before this time, or older than this age.'),
    label: boundedList(100, boundedText(1024).pattern(/^[^=\0\r\n]+(?:=[^\0\r\n]*)?$/))
      .single()
      .messages({ 'string.pattern.base': '{{#label}} must be a label such as team or team=ci' })
      .description('Only images with all these labels, each `name=value` or a name.'),
  }),
  noun: 'images',
  summary: 'Removes images that no container uses',
  description: 'On all nodes, or on the one that `?node=` names. Images that a container uses, running or stopped, stay.',
  results: {
    200: listOf(
      shape<PrunedImage>('PrunedImage', {
        id: shortIdText(),
        references: listOf(anyText()).description('The names that it had.'),
        size: count().description('Bytes; layers that other images share remain.'),
        node: Joi.string(),
      }),
    ),
  },
  example: {
    input: { all: true, until: '24h' },
    result: [{ id: '91ef0af61f39', references: ['docker.io/library/alpine:3.20'], size: 8_083_456, node: 'local' }],
  },
  async run(podman, { all = false, until, label = [] }, { node, signal }) {
    const before = await readImages(podman, signal);
    const filters = [...(until === undefined ? [] : [`until=${until}`]), ...label.map(one => `label=${one}`)];
    const args = ['image', 'prune', '--force', ...(all ? ['--all'] : []), ...filters.map(filter => `--filter=${filter}`)];
    const ids = (await podman.run(args, { signal })).split('\n').filter(id => /^[0-9a-f]{12,64}$/.test(id));
    return ids.map(id => {
      const entry = before.find(({ Id }) => Id.startsWith(id));
      return { id: shortId(id), references: entry?.Names ?? [], size: entry?.Size ?? 0, node };
    });
  },
});
