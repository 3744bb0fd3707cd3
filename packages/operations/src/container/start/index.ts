import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { startAllowed } from './run.ts';

interface StartInput {
  readonly name: string;
}

interface StartedContainer {
  readonly name: string;
  readonly status: 'started';
}

/** Starts a container. Idempotent: one that runs already counts as started. */
export const start = defineContainerOperation<StartInput, StartedContainer>({
  name: 'container.start',
  method: 'POST',
  path: '/containers/:name/start',
  scope: 'containers:write',
  input: Joi.object<StartInput>({ name: containerName().required() }),
  isRepeatable: true,
  noun: 'container',
  summary: 'Starts a container',
  description: 'Succeeds if the container is already running.',
  results: { 200: shape<StartedContainer>('StartedContainer', { name: containerName(), status: Joi.valid('started') }) },
  example: { input: { name: 'web' }, result: { name: 'web', status: 'started' } },
  async run(podman, { name }, context) {
    await startAllowed(podman, name, context);
    podman.earlySessions.recordStart(name);
    return { name, status: 'started' };
  },
});
