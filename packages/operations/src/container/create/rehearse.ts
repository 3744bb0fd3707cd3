import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { failedFor } from '../fault-reason.ts';
import { readContainers } from '../ps.ts';

/** What a create would do that makes nothing. */
export interface Rehearsal {
  readonly name: string;
  readonly status: 'would be created';
  readonly image: 'present' | 'would be pulled';
}

interface Wanted {
  readonly name: string;
  readonly image: string;
  readonly pull_policy?: string;
}

/**
 * Looks for what would keep a create from its end, and makes nothing.
 * @throws ApiError as the create would
 */
export async function rehearse(podman: Podman, { name, image, pull_policy }: Wanted, signal: AbortSignal): Promise<Rehearsal> {
  const listed = await readContainers(podman);
  if (listed.some(({ Names }) => Names.includes(name))) {
    throw new ApiError('ConflictError', `The name ${name} is in use: choose another, or remove the container that has it.`);
  }
  const pulled = pull_policy === 'always' || !(await isPresent(podman, image, pull_policy, signal));
  return { name, status: 'would be created', image: pulled ? 'would be pulled' : 'present' };
}

/** @throws ApiError (404) for an image that is not there and must not be pulled */
async function isPresent(podman: Podman, image: string, pullPolicy: string | undefined, signal: AbortSignal): Promise<boolean> {
  try {
    await podman.run(['image', 'inspect', '--format={{.Id}}', '--', image], { signal });
    return true;
  } catch (error) {
    if (pullPolicy === 'never' || !failedFor('no-image', error)) throw error;
    return false;
  }
}
