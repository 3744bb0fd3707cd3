import { ApiError, unknownOutcomeError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { failedFor } from '../failed-for.ts';
import { readEntry } from '../lookup/inspect-entry.ts';
import { hasAutomaticRestart, restartError } from '../mounts/mount-policy.ts';
import { findMountsToVerify } from '../mounts/mounts-to-verify.ts';
import { startVerified } from '../mounts/start-verified.ts';

/** Time limit for the clean-up of a container that was not started. */
const cleanUpTimeoutMs = 30_000;
const mayRun = 'a mount of the container lies outside of ALLOWED_MOUNTS, and the container could not be stopped';

/**
 * Starts a container if the policy allows its mounts. Idempotent.
 * @throws ApiError (403) for a mount that the policy forbids; the container does not run then, or the outcome is unknown. The reason
 *   of the signal if it is aborted
 */
export async function startAllowed(podman: Podman, name: string, { policy, signal }: TaskContext): Promise<void> {
  const entry = policy.mounts.length > 0 ? await readEntry(podman, name, signal) : undefined;
  const toVerify = entry ? await findMountsToVerify(entry, policy) : [];
  if (!entry || toVerify.length === 0) {
    await podman.run(['start', '--', name], { signal });
    return;
  }
  if (entry.State.Status === 'running') return;
  if (hasAutomaticRestart(entry.HostConfig.RestartPolicy.Name)) throw restartError();
  const targets = toVerify.map(({ Destination }) => Destination);
  try {
    await startVerified(podman, entry.Id, { targets, listed: policy.mounts }, { signal });
  } catch (error) {
    const isRefused = error instanceof ApiError && error.type === 'ForbiddenError';
    await endUnstarted(podman, entry.Id, isRefused).catch(cause => {
      if (isRefused && !failedFor('no-container', cause)) throw unknownOutcomeError(mayRun, { advice: 'Remove it.', cause });
    });
    throw error;
  }
}

/** Stops a container that was set up but not started; a refused one in any state. */
async function endUnstarted(podman: Podman, id: string, isRefused: boolean): Promise<void> {
  const signal = AbortSignal.timeout(cleanUpTimeoutMs);
  const { State: state } = await readEntry(podman, id, signal);
  if (isRefused || state.Status === 'initialized') await podman.run(['stop', '--time=0', '--', id], { signal });
}
