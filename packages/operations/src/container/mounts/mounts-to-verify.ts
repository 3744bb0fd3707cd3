import type { Policy } from '../../policy/policy.ts';
import type { InspectEntry, MountEntry } from '../lookup/inspect-entry.ts';
import { jobLabel } from '../service-labels.ts';
import { resolveAllowedFolders } from './allowed-folders.ts';

/**
 * Returns the mounted folders of the host that must be verified whenever the container starts: those of a container that this
 * API created, except folders of ALLOWED_MOUNTS themselves.
 */
export async function findMountsToVerify({ Config, Mounts }: InspectEntry, { mounts: listed }: Policy): Promise<readonly MountEntry[]> {
  if (listed.length === 0 || Config.Labels?.[jobLabel] === undefined) return [];
  const binds = (Mounts ?? []).filter(({ Type }) => Type === 'bind');
  if (binds.length === 0) return [];
  const folders = await resolveAllowedFolders(listed);
  return binds.filter(({ Source }) => Source === undefined || !folders.includes(Source));
}
