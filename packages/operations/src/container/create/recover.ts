import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { Context } from '../../operation.ts';
import { shortId } from '../ids.ts';
import { jobLabel, settled } from '../mark.ts';

/** What `podman ps --format json` tells of a container that a job has made. */
interface Made {
  readonly Id: string;
  readonly State: string;
}

/** `podman run` leaves a container behind that it made and could not start; the label tells whose it is. */
export async function removeLeftover(podman: Podman, { job }: Context): Promise<void> {
  for (const made of await madeBy(podman, job)) await removeMade(podman, made);
}

async function removeMade(podman: Podman, { Id }: Made): Promise<void> {
  await podman.run(['rm', '--force', '--time=0', '--volumes', '--', Id]);
}

/**
 * Finds the container of a job whose worker died, once its podman has ended.
 * @returns the container's id, or an error where there is none that was started; one that was not is removed
 */
export async function recoverCreated(podman: Podman, context: Context): Promise<string | ApiError> {
  await settled(podman, context);
  const [made] = await madeBy(podman, context.job);
  if (made && !['created', 'configured', 'initialized'].includes(made.State)) return shortId(made.Id);
  if (made) await removeMade(podman, made);
  return new ApiError('PodmanAPIError', 'The worker died before the container was started; nothing is left of it. Send the request again.');
}

async function madeBy(podman: Podman, job: string): Promise<readonly Made[]> {
  return JSON.parse(await podman.run(['ps', '--all', '--format=json', `--filter=label=${jobLabel}=${job}`]));
}
