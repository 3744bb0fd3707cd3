import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { type Context, define } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { shape } from '../schemas/shape.ts';
import { readEntry } from './inspect.ts';
import { heldMounts } from './mounts/held-mounts.ts';
import { noRestarts, restarts } from './mounts/restart.ts';
import { startVerified } from './mounts/start-verified.ts';

interface StartInput {
  readonly name: string;
}

interface StartedContainer {
  readonly name: string;
  readonly status: 'started';
}

/** How long it may take to see to a container that was not started, in ms. */
const patience = 30_000;

/** Starts a container; one that runs already is started. */
export const start = define<StartInput, StartedContainer>({
  name: 'container.start',
  method: 'POST',
  path: '/containers/:name/start',
  scope: 'containers:write',
  input: Joi.object<StartInput>({ name: containerName().required() }),
  repeatable: true,
  noun: 'container',
  summary: 'Starts a container',
  description: 'One that runs already is started.',
  results: { 200: shape<StartedContainer>('StartedContainer', { name: containerName(), status: Joi.valid('started') }) },
  example: { input: { name: 'web' }, result: { name: 'web', status: 'started' } },
  async run(podman, { name }, context) {
    await startAllowed(podman, name, context);
    return { name, status: 'started' };
  },
});

async function startAllowed(podman: Podman, name: string, { policy, signal }: Context): Promise<void> {
  const entry = policy.mounts.length > 0 ? await readEntry(podman, name, signal) : undefined;
  const held = entry ? await heldMounts(entry, policy) : [];
  if (!entry || held.length === 0) {
    await podman.run(['start', '--', name], { signal });
    return;
  }
  if (entry.State.Status === 'running') return;
  if (restarts(entry.HostConfig.RestartPolicy.Name)) throw noRestarts();
  const targets = held.map(({ Destination }) => Destination);
  try {
    await startVerified(podman, entry.Id, { targets, listed: policy.mounts }, { signal });
  } catch (error) {
    await endUnstarted(podman, entry.Id, error instanceof ApiError && error.type === 'ForbiddenError');
    throw error;
  }
}

/** Brings a container that is set up, and does not run, back to where it was; one that is refused in any state. */
async function endUnstarted(podman: Podman, id: string, refused: boolean): Promise<void> {
  const signal = AbortSignal.timeout(patience);
  const { State: state } = await readEntry(podman, id, signal);
  if (refused || state.Status === 'initialized') await podman.run(['stop', '--time=0', '--', id], { signal });
}
