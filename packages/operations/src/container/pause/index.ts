import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { readEntry } from '../lookup/inspect-entry.ts';
import { runUnlessInStatus } from '../run-unless-in-status.ts';

interface PauseInput {
  readonly name: string;
}

interface PausedContainer {
  readonly name: string;
  readonly status: 'paused';
}

/** Freezes all processes of a container. Idempotent. */
export const pause = defineContainerOperation<PauseInput, PausedContainer>({
  name: 'container.pause',
  method: 'POST',
  path: '/containers/:name/pause',
  scope: 'containers:write',
  input: Joi.object<PauseInput>({ name: containerName().required() }),
  isRepeatable: true,
  noun: 'container',
  summary: 'Pauses a container',
  description: 'Freezes all processes of the container until it is unpaused. Succeeds if it is paused already; 409 if it is not running.',
  results: { 200: shape<PausedContainer>('PausedContainer', { name: containerName(), status: Joi.valid('paused') }) },
  example: { input: { name: 'web' }, result: { name: 'web', status: 'paused' } },
  async run(podman, { name }, { signal, commitPauses }) {
    // An interrupted commit may have paused it: from now on, the pause belongs to the caller.
    if (commitPauses.hasAny()) commitPauses.withdraw((await readEntry(podman, name, signal)).Id);
    await runUnlessInStatus(podman, 'pause', name, 'paused', signal);
    return { name, status: 'paused' };
  },
});
