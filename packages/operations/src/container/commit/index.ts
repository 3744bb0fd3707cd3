import { localImageName, newImageRefusals } from '../../policy/new-image.ts';
import { anyText, shape, shortIdText } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { type CommitInput, commitInput } from './input.ts';
import { type CommittedImage, commitContainer, continueAfterCommit } from './run.ts';

/** Creates an image from a container as it is now. */
export const commit = defineContainerOperation<CommitInput, CommittedImage>({
  name: 'container.commit',
  method: 'POST',
  path: '/containers/:name/commit',
  scope: 'containers:write',
  input: commitInput,
  noun: 'image',
  status: 201,
  summary: 'Creates an image from a container',
  description:
    "The image is on the container's node and has its files, without volumes and memory, and its command. The values of the container's environment are left out. 403 if the name belongs to a registry, or if ALLOWED_IMAGES allows it: the new image must not pass for one of those.",
  results: { 201: shape<CommittedImage>('CommittedImage', { id: shortIdText(), reference: anyText() }) },
  example: {
    input: { name: 'web', reference: 'web:backup', message: 'before the update', changes: ['CMD ["nginx"]'] },
    result: { id: 'ab13f7e2c9d0', reference: 'localhost/web:backup' },
  },
  refusals: ({ reference }, policy) => newImageRefusals(localImageName(reference), policy),
  run: commitContainer,
  recover: continueAfterCommit,
});
