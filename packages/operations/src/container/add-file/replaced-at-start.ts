import { ApiError } from '@podman-api/errors';
import type { InspectEntry } from '../lookup/inspect-entry.ts';

/** Files that podman writes at each start (podman-run(1), --hostname, --dns and --add-host). */
const writtenAtStart: ReadonlySet<string> = new Set(['/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/run/.containerenv']);
/** Folders that podman mounts in memory for `read_only` (podman-run(1), --read-only-tmpfs). */
const memoryOfReadOnly = ['/run', '/tmp', '/var/tmp'] as const;

/**
 * Checks that a file that is put into a container now still exists after the container's next start.
 * @throws ApiError (409) if the container is not running and podman replaces the file, or mounts something above it, at each start
 */
export function refuseReplacedAtStart(path: string, { State, Mounts, HostConfig }: InspectEntry): void {
  if (State.Status === 'running' || State.Status === 'paused') return;
  const inMemory = ['/dev', ...Object.keys(HostConfig.Tmpfs ?? {}), ...(HostConfig.ReadonlyRootfs ? memoryOfReadOnly : [])];
  const folder = inMemory.find(mount => path.startsWith(`${mount}/`));
  const isMount = (Mounts ?? []).some(({ Destination }) => Destination === path);
  const inVolume = (Mounts ?? []).some(
    ({ Destination }) => path.startsWith(`${Destination}/`) && Destination.length > (folder ?? '').length,
  );
  if (isMount) throw notNow(`${path} is a mount of its own`);
  if (writtenAtStart.has(path)) throw notNow(`podman writes ${path} at each start`);
  if (folder !== undefined && !inVolume) throw notNow(`${folder} is empty after each start`);
}

function notNow(reason: string): ApiError {
  const message = `dest_path: ${reason}; start the container, then put the file.`;
  return new ApiError('ConflictError', message, { details: [{ path: 'dest_path', message }] });
}
