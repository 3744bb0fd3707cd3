import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { failedFor } from '../failed-for.ts';
import { readContainers } from '../lookup/ps.ts';
import type { CreateInput } from './input.ts';
import type { DryRunResult } from './result.ts';

/**
 * Checks what would make a create fail, and creates nothing.
 * @throws ApiError as the create would
 */
export async function dryRun(podman: Podman, { name, image, pull_policy }: CreateInput, signal: AbortSignal): Promise<DryRunResult> {
  const listed = await readContainers(podman);
  if (listed.some(({ Names }) => Names.includes(name))) {
    throw new ApiError('ConflictError', `The name ${name} is in use: choose another, or remove the container that has it.`);
  }
  const pulled = pull_policy === 'always' || !(await isPresent(podman, image, pull_policy, signal));
  return { name, status: 'would be created', image: pulled ? 'would be pulled' : 'present' };
}

/** @throws ApiError (404) for an image that does not exist and must not be pulled */
async function isPresent(podman: Podman, image: string, pullPolicy: string | undefined, signal: AbortSignal): Promise<boolean> {
  try {
    await podman.run(['image', 'inspect', '--format={{.Id}}', '--', image], { signal });
    return true;
  } catch (error) {
    if (pullPolicy === 'never' || !failedFor('no-image', error)) throw error;
    return false;
  }
}
