import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { shortId } from '../../short-id.ts';
import { waitForPodman } from '../job-processes.ts';
import { jobLabel } from '../service-labels.ts';
import { isBeforeStart } from '../status.ts';

/** A container that a job created. */
export interface JobContainer {
  readonly id: string;
  /** See `ContainerStatus`. */
  readonly status: string;
}

/** Removes the container of a job: `podman run` leaves one behind if it could not start it. */
export async function removeLeftover(podman: Podman, { job }: Pick<TaskContext, 'job'>): Promise<void> {
  for (const made of await findByJob(podman, job)) await removeCreatedContainer(podman, made);
}

/** Removes a container by force, with its anonymous volumes. */
export async function removeCreatedContainer(podman: Podman, { id }: Pick<JobContainer, 'id'>, signal?: AbortSignal): Promise<void> {
  await podman.run(['rm', '--force', '--time=0', '--volumes', '--', id], signal && { signal });
}

/**
 * Finds the container of a job whose worker died, once its podman has ended.
 * @returns the container's id, or an error if there is none that was started; one that was not is removed
 */
export async function recoverCreated(podman: Podman, context: TaskContext): Promise<string | ApiError> {
  await waitForPodman(podman, context);
  const [made] = await findByJob(podman, context.job);
  if (made && !isBeforeStart(made.status)) return shortId(made.id);
  if (made) await removeCreatedContainer(podman, made);
  return new ApiError(
    'ServiceUnavailableError',
    'The worker died before the container was started; nothing is left of it. Send the request again.',
  );
}

/** Finds the containers that a job created, running and stopped, with their full ids. */
export async function findByJob(podman: Podman, job: string): Promise<readonly JobContainer[]> {
  const format = '--format={{.ID}} {{.ListContainer.State}}';
  const text = await podman.run(['ps', '--all', '--no-trunc', format, `--filter=label=${jobLabel}=${job}`]);
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [id = '', status = ''] = line.split(' ');
      return { id, status };
    });
}
