import type { Policy } from '../../policy/policy.ts';
import type { InspectEntry, MountEntry } from '../inspect/entry.ts';
import { jobLabel } from '../mark.ts';
import { allowedFolders } from './allowed-folders.ts';

/**
 * The folders of the host in a container that the policy holds: those of containers that this API made, except where
 * the folder is itself an allowed one.
 */
export async function heldMounts({ Config, Mounts }: InspectEntry, { mounts: listed }: Policy): Promise<readonly MountEntry[]> {
  if (listed.length === 0 || Config.Labels?.[jobLabel] === undefined) return [];
  const binds = (Mounts ?? []).filter(({ Type }) => Type === 'bind');
  if (binds.length === 0) return [];
  const folders = await allowedFolders(listed);
  return binds.filter(({ Source }) => Source === undefined || !folders.includes(Source));
}
