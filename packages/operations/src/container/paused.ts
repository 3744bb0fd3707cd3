import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { failedFor } from './fault-reason.ts';

/**
 * Explains a failure that podman reports in the same words for a paused container as for a stopped or a running one.
 * @returns the error to throw: a 409 that says "paused" if the container is, otherwise the same error
 */
export async function explainPaused(podman: Podman, name: string, error: unknown): Promise<unknown> {
  if (!failedFor('not-running', error) && !failedFor('bad-state', error) && !failedFor('running', error)) return error;
  const status = await podman.run(['container', 'inspect', '--format={{.State.Status}}', '--', name]).catch(() => '');
  if (status.trim() !== 'paused') return error;
  return new ApiError(
    'ConflictError',
    `The container ${name} is paused: run "podman unpause ${name}" on its host, or remove it with force=true.`,
  );
}
