import { ApiError } from '@podman-api/errors';
import type { InspectEntry } from '../lookup/inspect-entry.ts';
import { isRunningOrPaused } from '../status.ts';

/** Files that podman writes at each start (podman-run(1), --hostname, --dns and --add-host). */
const writtenAtStart: ReadonlySet<string> = new Set(['/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/run/.containerenv']);
/** Folders that podman mounts in memory for `read_only` (podman-run(1), --read-only-tmpfs). */
const memoryOfReadOnly = ['/run', '/tmp', '/var/tmp'] as const;

/**
 * Checks that a file that is put into a container now still exists after the container's next start.
 * @param field the field of the request that names the path
 * @throws ApiError (409) if the container is not running and podman replaces the file, or mounts something above it, at each start
 */
export function rejectReplacedAtStart(path: string, entry: InspectEntry, field: string): void {
  if (isRunningOrPaused(entry.State.Status)) return;
  const reason = findReplacementAtStart(path, entry);
  if (reason === undefined) return;
  const message = `${field}: ${reason}; start the container, then put the file.`;
  throw new ApiError('ConflictError', message, { details: [{ path: field, message }] });
}

/** Returns why a file that is put into a stopped container disappears at its start; `undefined` if it stays. */
export function findReplacementAtStart(path: string, { Mounts, HostConfig }: InspectEntry): string | undefined {
  const inMemory = ['/dev', ...Object.keys(HostConfig.Tmpfs ?? {}), ...(HostConfig.ReadonlyRootfs ? memoryOfReadOnly : [])];
  const folder = inMemory.find(mount => path.startsWith(`${mount}/`));
  const isMount = (Mounts ?? []).some(({ Destination }) => Destination === path);
  const inVolume = (Mounts ?? []).some(
    ({ Destination }) => path.startsWith(`${Destination}/`) && Destination.length > (folder ?? '').length,
  );
  if (isMount) return `${path} is a mount of its own`;
  if (writtenAtStart.has(path)) return `podman writes ${path} at each start`;
  return folder !== undefined && !inVolume ? `${folder} is empty after each start` : undefined;
}
