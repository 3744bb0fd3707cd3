import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { Context } from '../../operation.ts';
import { jobLabel, waitForPodman } from '../job-processes.ts';
import { shortId } from '../short-id.ts';

/** A container that a job created, in the output of `podman ps --format json`. */
interface CreatedEntry {
  readonly Id: string;
  readonly State: string;
}

/** Removes the container of a job: `podman run` leaves one behind if it could not start it. */
export async function removeLeftover(podman: Podman, { job }: Context): Promise<void> {
  for (const made of await findByJob(podman, job)) await removeEntry(podman, made);
}

async function removeEntry(podman: Podman, { Id }: CreatedEntry): Promise<void> {
  await podman.run(['rm', '--force', '--time=0', '--volumes', '--', Id]);
}

/**
 * Finds the container of a job whose worker died, once its podman has ended.
 * @returns the container's id, or an error if there is none that was started; one that was not is removed
 */
export async function recoverCreated(podman: Podman, context: Context): Promise<string | ApiError> {
  await waitForPodman(podman, context);
  const [made] = await findByJob(podman, context.job);
  if (made && !['created', 'configured', 'initialized'].includes(made.State)) return shortId(made.Id);
  if (made) await removeEntry(podman, made);
  return new ApiError('PodmanAPIError', 'The worker died before the container was started; nothing is left of it. Send the request again.');
}

async function findByJob(podman: Podman, job: string): Promise<readonly CreatedEntry[]> {
  return JSON.parse(await podman.run(['ps', '--all', '--format=json', `--filter=label=${jobLabel}=${job}`]));
}
