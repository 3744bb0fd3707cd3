import { ApiError, type JobOutcomeError, unknownOutcomeError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { queryFlag } from '../../schemas/query.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';

interface RemoveContainerInput {
  readonly name: string;
  /** Removes a running container too, at once. */
  readonly force?: boolean;
}

interface RemovedContainer {
  readonly name: string;
  readonly removed: true;
}

/** Removes a container and its anonymous volumes, to which nothing else refers. */
export const remove = defineContainerOperation<RemoveContainerInput, RemovedContainer>({
  name: 'container.remove',
  method: 'DELETE',
  path: '/containers/:name',
  scope: 'containers:write',
  query: ['force'],
  input: Joi.object<RemoveContainerInput>({
    name: containerName().required(),
    force: queryFlag().description('Removes a running container too, at once.'),
  }),
  noun: 'container',
  effect: ({ name }) => ({ removed: name }),
  summary: 'Removes a container and its anonymous volumes',
  results: { 200: shape<RemovedContainer>('RemovedContainer', { name: containerName(), removed: Joi.valid(true) }) },
  example: { input: { name: 'web', force: true }, result: { name: 'web', removed: true } },
  async run(podman, input, { signal }) {
    const before = removals.get(input.name);
    const removal = (before ?? Promise.resolve()).then(() => removeContainer(podman, input, signal));
    const settled = removal.catch(() => {});
    removals.set(input.name, settled);
    try {
      return await removal;
    } finally {
      if (removals.get(input.name) === settled) removals.delete(input.name);
    }
  },
});

/**
 * Removals that this worker runs, by the container's name or id. They run one after the other, so that one succeeds and the
 * others find no container; podman would report success for each.
 */
const removals = new Map<string, Promise<unknown>>();

async function removeContainer(
  podman: Podman,
  { name, force = false }: RemoveContainerInput,
  signal: AbortSignal,
): Promise<RemovedContainer> {
  // Without a time of 0 podman waits 10 s for a process that ignores SIGTERM.
  const args = force ? ['rm', '--force', '--time=0'] : ['rm'];
  const removed = await podman.run([...args, '--volumes', '--', name], { signal }).catch(error => {
    throw error === signal.reason ? interruptedError() : error;
  });
  // With --force, podman prints nothing for a container that does not exist, and exits with 0.
  if (removed.trim() === '') throw new ApiError('NotFoundError', `There is no container ${name}.`);
  return { name, removed: true };
}

function interruptedError(): JobOutcomeError {
  const why = 'podman was ended before it reported whether the container was removed';
  return unknownOutcomeError(why, { advice: 'Read the container to find out.' });
}
