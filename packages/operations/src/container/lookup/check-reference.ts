import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { readContainers } from './ps.ts';

/**
 * Minimum number of digits of an id. Podman accepts the shortest unambiguous prefix: `DELETE /containers/21` would remove a
 * container by accident.
 */
const minIdDigits = { change: 12, read: 4 } as const;
const hexDigits = /^[0-9a-f]+$/;

/**
 * Checks that a reference which could be the beginning of an id is long enough, or is a container's name.
 * @throws ApiError (404) if it is too short and no container has that name
 */
export async function checkReference(podman: Podman, reference: string, isChange: boolean): Promise<void> {
  const digits = isChange ? minIdDigits.change : minIdDigits.read;
  if (reference.length >= digits || !hexDigits.test(reference)) return;
  const containers = await readContainers(podman);
  if (containers.some(({ Names }) => Names.includes(reference))) return;
  throw new ApiError(
    'NotFoundError',
    `There is no container named ${reference}; to ${isChange ? 'change' : 'read'} a container by its id, give at least ${digits} digits of it.`,
  );
}
