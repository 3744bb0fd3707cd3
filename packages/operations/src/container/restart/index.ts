import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { stopTimeout } from '../../schemas/query.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { startAllowed } from '../start/run.ts';

interface RestartInput {
  readonly name: string;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly timeout?: number;
}

interface RestartedContainer {
  readonly name: string;
  readonly status: 'started';
}

/**
 * Stops a container and starts it again; one that is stopped is started. Not repeatable: a second run would end the processes
 * that the first one has started.
 */
export const restart = defineContainerOperation<RestartInput, RestartedContainer>({
  name: 'container.restart',
  method: 'POST',
  path: '/containers/:name/restart',
  scope: 'containers:write',
  query: ['timeout'],
  input: Joi.object<RestartInput>({
    name: containerName().required(),
    timeout: stopTimeout(),
  }),
  noun: 'container',
  summary: 'Restarts a container',
  description: 'Stops the container as `stop` does, then starts it. Starts it if it is not running.',
  results: { 200: shape<RestartedContainer>('RestartedContainer', { name: containerName(), status: Joi.valid('started') }) },
  example: { input: { name: 'web', timeout: 10 }, result: { name: 'web', status: 'started' } },
  async run(podman, { name, timeout = 10 }, context) {
    if (context.policy.mounts.length === 0) {
      await podman.run(['restart', `--time=${timeout}`, '--', name], { signal: context.signal });
    } else {
      // Mounts are verified between podman's set-up of the container and its start, and `podman restart` does both at once.
      await podman.run(['stop', `--time=${timeout}`, '--', name], { signal: context.signal });
      await startAllowed(podman, name, context);
    }
    return { name, status: 'started' };
  },
});
