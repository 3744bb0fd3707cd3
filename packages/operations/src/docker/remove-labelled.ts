import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { failedFor } from '../container/failed-for.ts';
import { listedLabels, readContainers, withClaims } from '../container/lookup/ps.ts';
import { readMembership } from '../container/pool-membership.ts';
import { defineRequestedTask } from '../define.ts';
import { readNetworkEntries } from '../network/lookup/network.ts';
import type { TaskContext } from '../operation.ts';
import { boundedList, boundedText } from '../schemas/bounds.ts';
import { hasLabels } from '../schemas/label-filter.ts';
import { shortId } from '../short-id.ts';
import { readVolumes } from '../volume/lookup/volume.ts';

interface RemoveLabelledInput {
  /** `name=value`; what is removed has all of them. */
  readonly labels: readonly string[];
}

/** What was removed from a node. */
export interface RemovedLabelled {
  /** Short ids. */
  readonly containers: readonly string[];
  /** Names. */
  readonly networks: readonly string[];
  /** Names. */
  readonly volumes: readonly string[];
  /** The reasons why others were not removed, such as a network that also has other containers. */
  readonly failures: readonly string[];
}

/**
 * Removes all containers of a node that have some labels, also those that run, then the networks and volumes that have them. Images
 * stay, because other containers may use them.
 */
export const dockerRemoveLabelled = defineRequestedTask<RemoveLabelledInput, RemovedLabelled>({
  name: 'docker.remove_labelled',
  scope: 'containers:write',
  reach: 'nodes',
  input: Joi.object<RemoveLabelledInput>({
    labels: boundedList(
      100,
      boundedText(1024)
        .pattern(/^[^=]+=./)
        .messages({ 'string.pattern.base': '{{#label}} must have the form name=value' }),
    )
      .min(1)
      .required(),
  }),
  isRepeatable: true,
  effect: (_input, { containers }) => ({ removed: containers }),
  run: removeLabelled,
});

async function removeLabelled(podman: Podman, { labels }: RemoveLabelledInput, context: TaskContext): Promise<RemovedLabelled> {
  const { signal, pools } = context;
  const failures: string[] = [];
  /** Removes resources one after the other. @returns the removed ones */
  const removeEach = async (references: readonly string[], remove: (reference: string) => Promise<unknown>) => {
    const removed: string[] = [];
    for (const reference of references) {
      try {
        await remove(reference);
        removed.push(reference);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ApiError)) throw error;
        if (!isGone(error)) failures.push(error.message);
      }
    }
    return removed;
  };
  const containers = withClaims(await readContainers(podman, true), pools)
    .filter(entry => hasLabels(listedLabels(entry), labels) && readMembership(entry.ServiceLabels) === undefined)
    .map(({ Id }) => Id);
  const removedContainers = await removeEach(containers, id =>
    podman.run(['rm', '--force', '--time=0', '--volumes', '--', id], { signal }),
  );
  const networks = (await readNetworkEntries(podman, signal, { isExact: true })).filter(network => hasLabels(network.labels ?? {}, labels));
  const volumes = (await readVolumes(podman, context)).filter(volume => hasLabels(volume.labels, labels));
  return {
    containers: removedContainers.map(shortId),
    networks: await removeEach(names(networks), name => podman.run(['network', 'rm', '--', name], { signal })),
    volumes: await removeEach(names(volumes), name => podman.run(['volume', 'rm', '--', name], { signal })),
    failures,
  };
}

function names(resources: readonly { readonly name: string }[]): readonly string[] {
  return resources.map(({ name }) => name);
}

/** Whether another process has removed it. */
function isGone(error: ApiError): boolean {
  return error.type === 'NotFoundError' || failedFor('no-container', error);
}
