import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { runUnlessInStatus } from '../run-unless-in-status.ts';

interface UnpauseInput {
  readonly name: string;
}

interface UnpausedContainer {
  readonly name: string;
  readonly status: 'running';
}

/** Resumes the processes of a paused container. Idempotent. */
export const unpause = defineContainerOperation<UnpauseInput, UnpausedContainer>({
  name: 'container.unpause',
  method: 'POST',
  path: '/containers/:name/unpause',
  scope: 'containers:write',
  input: Joi.object<UnpauseInput>({ name: containerName().required() }),
  isRepeatable: true,
  noun: 'container',
  summary: 'Unpauses a container',
  description: 'Resumes the processes of the container. Succeeds if it is running already; 409 if it is neither paused nor running.',
  results: { 200: shape<UnpausedContainer>('UnpausedContainer', { name: containerName(), status: Joi.valid('running') }) },
  example: { input: { name: 'web' }, result: { name: 'web', status: 'running' } },
  async run(podman, { name }, { signal }) {
    await runUnlessInStatus(podman, 'unpause', name, 'running', signal);
    return { name, status: 'running' };
  },
});
