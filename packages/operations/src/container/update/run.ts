import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import type { CreateOptions } from '../create/options.ts';
import { memoryBytes, parseCpus } from '../create/resources.ts';
import { failedFor } from '../failed-for.ts';
import { type InspectEntry, readEntry } from '../lookup/inspect-entry.ts';
import { hasAutomaticRestart, restartError } from '../mounts/mount-policy.ts';
import { findMountsToVerify } from '../mounts/mounts-to-verify.ts';

/** Input of `POST /containers/:name/update`. */
export interface UpdateInput extends Pick<CreateOptions, 'memory' | 'cpus' | 'pids_limit' | 'restart_policy'> {
  readonly name: string;
}

/** The new values of what was changed, as in the response. */
export interface UpdatedContainer extends Pick<CreateOptions, 'pids_limit' | 'restart_policy'> {
  readonly name: string;
  /** Bytes. */
  readonly memory?: number;
  readonly cpus?: number;
  /** Whether podman keeps the new values when the container is started again. */
  readonly persistent: boolean;
}

/**
 * Changes limits of a container by one podman command, which changes all or none.
 * @throws ApiError (403) for an automatic restart that the policy of mounts forbids, (409) for what this podman cannot change
 */
export async function updateContainer(podman: Podman, input: UpdateInput, { policy, signal }: TaskContext): Promise<UpdatedContainer> {
  const { name, pids_limit, restart_policy } = input;
  const memory = input.memory === undefined ? undefined : memoryBytes(input.memory);
  const cpus = input.cpus === undefined ? undefined : parseCpus(input.cpus);
  const before = await readEntry(podman, name, signal);
  const [policyName = 'no'] = (restart_policy ?? 'no').split(':');
  if (policy.mounts.length > 0 && hasAutomaticRestart(policyName) && (await findMountsToVerify(before, policy)).length > 0)
    throw restartError();
  const flags = Object.entries({ memory, cpus, 'pids-limit': pids_limit, restart: restart_policy });
  const args = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`]));
  try {
    await podman.run(['update', ...args, '--', before.Id], { signal });
  } catch (error) {
    if (!failedFor('update-refused', error)) throw error;
    // It may have ended since.
    const { State } = await readEntry(podman, before.Id, signal);
    throw State.Status === 'running' ? error : notRunningError();
  }
  const given = {
    ...(memory !== undefined && { memory }),
    ...(cpus !== undefined && { cpus }),
    ...(pids_limit !== undefined && { pids_limit }),
    ...(restart_policy !== undefined && { restart_policy }),
  };
  return { name, ...given, persistent: isRecorded(await readEntry(podman, before.Id, signal), given) };
}

/** Returns whether podman has recorded the new values; podman 4.3 passes them to the runtime only. */
function isRecorded({ HostConfig: host }: InspectEntry, given: Omit<UpdatedContainer, 'name' | 'persistent'>): boolean {
  const { memory, cpus, pids_limit, restart_policy } = given;
  return (
    (memory === undefined || host.Memory === memory) &&
    (cpus === undefined || Math.abs(host.NanoCpus / 1e9 - cpus) < 0.01) &&
    (pids_limit === undefined || Math.max(host.PidsLimit, 0) === Math.max(pids_limit, 0)) &&
    (restart_policy === undefined || restart_policy.startsWith(host.RestartPolicy.Name || 'no'))
  );
}

function notRunningError(): ApiError {
  return new ApiError(
    'ConflictError',
    'The container is not running, and the podman of this node changes running ones only: start it first.',
  );
}
