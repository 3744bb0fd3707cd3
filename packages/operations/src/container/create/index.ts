import { ApiError } from '@podman-api/errors';
import { define } from '../../define.ts';
import { effectOfCreate } from './effect-of-create.ts';
import { type CreateInput, createInput, createInputFor } from './input.ts';
import { recoverCreated } from './recover.ts';
import { createRefusals } from './refusals.ts';
import { resourcesOf } from './resources.ts';
import { type CreatedContainer, createdContainer, type DryRunResult, dryRunResult, exampleCreate } from './result.ts';
import { createContainer, describeCreated } from './run.ts';

/** Creates a container and starts it; one that cannot be started is removed again. */
export const create = define<CreateInput, CreatedContainer | DryRunResult>({
  name: 'container.create',
  method: 'POST',
  path: '/containers',
  reach: 'new',
  query: ['dry_run'],
  scope: 'containers:write',
  input: createInput,
  inputFor: createInputFor,
  poolOf: ({ pool }) => pool,
  secrets: ['environment'],
  noun: 'container',
  status: 201,
  summary: 'Creates and starts a container',
  description:
    'A container that cannot be started is removed again. With `pool`, an idle container of the pool is taken: that takes milliseconds.',
  results: { 201: createdContainer, 200: dryRunResult },
  example: exampleCreate,
  refusals: createRefusals,
  changes: ({ dry_run = false }) => !dry_run,
  reservedName: ({ name, dry_run = false }) => (dry_run ? undefined : name),
  resources: input => (input.dry_run ? undefined : resourcesOf(input)),
  statusOf: ({ dry_run = false }) => (dry_run ? 200 : 201),
  location: ({ dry_run = false }, { name }) => (dry_run ? undefined : `/containers/${name}`),
  run: createContainer,
  effect: (input, result) => ('id' in result ? effectOfCreate(input, result) : undefined),
  async recover(podman, input, context) {
    const found = await recoverCreated(podman, context);
    return found instanceof ApiError ? found : describeCreated(podman, found, input);
  },
});
