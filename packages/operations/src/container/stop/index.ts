import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { stopTimeout } from '../../schemas/query.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';

interface StopInput {
  readonly name: string;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly timeout?: number;
}

interface StoppedContainer {
  readonly name: string;
  readonly status: 'stopped';
}

/** Stops a container. Idempotent: one that has stopped already counts as stopped. */
export const stop = defineContainerOperation<StopInput, StoppedContainer>({
  name: 'container.stop',
  method: 'POST',
  path: '/containers/:name/stop',
  scope: 'containers:write',
  query: ['timeout'],
  input: Joi.object<StopInput>({ name: containerName().required(), timeout: stopTimeout() }),
  isRepeatable: true,
  noun: 'container',
  summary: 'Stops a container',
  description: 'Sends SIGTERM, and SIGKILL to remaining processes after the timeout. Succeeds if the container has already stopped.',
  results: { 200: shape<StoppedContainer>('StoppedContainer', { name: containerName(), status: Joi.valid('stopped') }) },
  example: { input: { name: 'web', timeout: 10 }, result: { name: 'web', status: 'stopped' } },
  async run(podman, { name, timeout = 10 }, { signal }) {
    await podman.run(['stop', `--time=${timeout}`, '--', name], { signal });
    return { name, status: 'stopped' };
  },
});
