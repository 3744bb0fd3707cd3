import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { shape } from '../../schemas/shape.ts';
import { signalName } from '../../schemas/signal.ts';
import { defineContainerOperation } from '../define-container-operation.ts';

interface KillInput {
  readonly name: string;
  /** Such as `SIGTERM`. */
  readonly signal?: string;
}

interface KilledContainer {
  readonly name: string;
  readonly signal: string;
}

/** Sends a signal to the main process of a container. */
export const kill = defineContainerOperation<KillInput, KilledContainer>({
  name: 'container.kill',
  method: 'POST',
  path: '/containers/:name/kill',
  scope: 'containers:write',
  input: Joi.object<KillInput>({
    name: containerName().required(),
    signal: signalName().description('Name or number of a signal, such as `SIGHUP`, `HUP` or 1. Default: `SIGKILL`.'),
  }),
  noun: 'container',
  summary: 'Sends a signal to a container',
  description:
    'Sends the signal to the main process, and does not wait for its effect. 409 if the container is not running. To end a container with a grace period, use `stop`.',
  results: { 200: shape<KilledContainer>('KilledContainer', { name: containerName(), signal: Joi.string() }) },
  example: { input: { name: 'web', signal: 'SIGHUP' }, result: { name: 'web', signal: 'SIGHUP' } },
  async run(podman, { name, signal: sent = 'SIGKILL' }, { signal }) {
    await podman.run(['kill', `--signal=${sent}`, '--', name], { signal });
    return { name, signal: sent };
  },
});
