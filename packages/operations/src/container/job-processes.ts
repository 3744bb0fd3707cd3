import type { CommandOptions, Podman } from '@podman-api/podman';
import type { TaskContext } from '../operation.ts';

/** Variable of a process in a container whose value is the id of the job that started it. */
const jobVariable = 'PODMAN_API_JOB';
/** Variable of a podman process whose value is the id of the job that started it. */
const podmanVariable = 'PODMAN_API_PODMAN_OF';

interface JobMarker {
  /** The variable of the command's processes. */
  readonly marker: { readonly name: string; readonly value: string };
  /** The same, for `Podman.exec`. */
  readonly markers: Readonly<Record<string, string>>;
  readonly options: Pick<CommandOptions, 'signal' | 'stop' | 'env'>;
}

/**
 * Returns the variables that mark the processes of an exec with their job, so that they can be ended at its time limit:
 * signalling `podman exec` itself leaves them running (podman#10320).
 * @param graceMs time between SIGTERM and SIGKILL, as for `Podman.kill`
 */
export function jobMarker(podman: Podman, container: string, { job, signal }: TaskContext, graceMs?: number): JobMarker {
  // A container that is renamed while the command runs keeps its id.
  const target = podman.identify(container);
  const stop = () => podman.kill(target, `${jobVariable}=${job}`, graceMs);
  return {
    marker: { name: jobVariable, value: job },
    markers: { [jobVariable]: job },
    options: { signal, stop, env: podmanProcessEnv({ job }) },
  };
}

/** Ends the processes in a container that belong to a job whose worker died. Returns `undefined`: the outcome is unknown. */
export async function endLeftovers(podman: Podman, { name }: { name: string }, context: TaskContext): Promise<undefined> {
  // The container may have been renamed since the job began: its name may mean another container now.
  const end = () => podman.kill({ reference: name, id: undefined }, `${jobVariable}=${context.job}`);
  await end();
  // A podman that was still starting may have started the command since.
  await waitForPodman(podman, context);
  await end();
}

/**
 * Removes the temporary files of a job whose worker died, once its podman has ended. Returns `undefined`: the outcome is unknown.
 * The podman must have been given the variables of `podmanProcessEnv`.
 */
export async function removeTempFiles(podman: Podman, context: TaskContext): Promise<undefined> {
  await waitForPodman(podman, context);
  await podman.removeTempFolder(context.job);
}

/** Returns variables for a podman process that may outlive its worker, so that another worker can wait for it. */
export function podmanProcessEnv({ job }: Pick<TaskContext, 'job'>): Readonly<Record<string, string>> {
  return { [podmanVariable]: job };
}

/** Resolves when no podman process of a job, or helper for files, that has the variables of `podmanProcessEnv` runs any more. */
export async function waitForPodman(podman: Podman, { job }: TaskContext): Promise<void> {
  await podman.waitForProcesses(`${podmanVariable}=${job}`);
}
