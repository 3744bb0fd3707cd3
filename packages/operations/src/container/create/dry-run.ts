import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { failedFor } from '../failed-for.ts';
import { readContainers, withClaims } from '../lookup/ps.ts';
import type { CreateInput } from './input.ts';
import type { DryRunResult } from './result.ts';

/**
 * Checks what would make a create fail, and creates nothing.
 * @throws ApiError as the create would
 */
export async function dryRun(
  podman: Podman,
  input: CreateInput,
  { pools, signal }: Pick<TaskContext, 'pools' | 'signal'>,
): Promise<DryRunResult> {
  const { name, pull_policy } = input;
  const listed = withClaims(await readContainers(podman), pools);
  if (listed.some(({ Names }) => Names.includes(name))) {
    throw new ApiError('ConflictError', `The name ${name} is in use: choose another, or remove the container that has it.`);
  }
  const isPulled = pull_policy === 'always' || !(await isPresent(podman, input, signal));
  return { name, status: 'would be created', image: isPulled ? 'would be pulled' : 'present' };
}

/** @throws ApiError (404) for an image that does not exist and must not be pulled */
async function isPresent(podman: Podman, { image, platform, pull_policy }: CreateInput, signal: AbortSignal): Promise<boolean> {
  try {
    const own = (await podman.run(['image', 'inspect', '--format={{.Os}}/{{.Architecture}}', '--', image], { signal })).trim();
    if (platform === undefined || `${platform}/`.startsWith(`${own}/`)) return true;
    if (pull_policy !== 'never') return false;
  } catch (error) {
    if (pull_policy === 'never' || !failedFor('no-image', error)) throw error;
    return false;
  }
  throw new ApiError('NotFoundError', `The node has no image ${image} for ${platform}, and does not pull it: name another platform.`);
}
