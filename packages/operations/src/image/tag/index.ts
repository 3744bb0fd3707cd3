import Joi from 'joi';
import { define } from '../../define.ts';
import { imageRefusals } from '../../policy/rules.ts';
import { image } from '../../schemas/names.ts';
import { anyText, shape, shortIdText } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import { imageReach, inspectImage } from '../lookup/inspect-image.ts';
import { imageReference } from '../reference.ts';

interface TagInput {
  /** The image: a name or an id. */
  readonly source: string;
  /** The new name. */
  readonly reference: string;
}

interface TaggedImage {
  readonly id: string;
  readonly reference: string;
  readonly node: string;
}

/** Gives an image another name. */
export const tag = define<TagInput, TaggedImage>({
  name: 'image.tag',
  method: 'POST',
  path: '/images/:source/tag',
  reach: { ...imageReach, nameOf: ({ source }: TagInput) => source },
  scope: 'images:write',
  input: Joi.object<TagInput>({
    source: image().required(),
    reference: imageReference().required().description('The new name. Another image that has this name loses it.'),
  }),
  isRepeatable: true,
  noun: 'image',
  summary: 'Gives an image another name',
  description: 'If ALLOWED_IMAGES is set, it must allow both the name in the path and the new one.',
  results: { 200: shape<TaggedImage>('TaggedImage', { id: shortIdText(), reference: anyText(), node: Joi.string() }) },
  example: {
    input: { source: 'localhost/app:latest', reference: 'registry.example.com/team/app:1.4' },
    result: { id: '91ef0af61f39', reference: 'registry.example.com/team/app:1.4', node: 'local' },
  },
  // Otherwise, any image of the node could get a name that may run.
  refusals: ({ source, reference }, policy) => [
    ...imageRefusals(source, 'never', policy, 'source'),
    ...imageRefusals(reference, 'never', policy, 'reference'),
  ],
  async run(podman, { source, reference }, { node, signal }) {
    const { Id: id } = await inspectImage(podman, source, signal);
    await podman.run(['tag', '--', id, reference], { signal });
    return { id: shortId(id), reference, node };
  },
});
