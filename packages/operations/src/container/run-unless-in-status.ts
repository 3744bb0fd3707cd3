import type { Podman } from '@podman-api/podman';
import { failedFor } from './failed-for.ts';
import { readStatus } from './lookup/read-status.ts';

/**
 * Runs a podman command that changes a container's status. Succeeds if the container has that status already, which podman reports
 * as an error.
 * @param status the status after the command, as podman names it
 * @throws ApiError with podman's error message
 */
export async function runUnlessInStatus(
  podman: Podman,
  command: 'pause' | 'unpause',
  name: string,
  status: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await podman.run([command, '--', name], { signal });
  } catch (error) {
    if (!failedFor('bad-state', error) && !failedFor('not-running', error)) throw error;
    if ((await readStatus(podman, name, signal)) !== status) throw error;
  }
}
