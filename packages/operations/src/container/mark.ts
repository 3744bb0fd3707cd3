import type { CommandOptions, Podman } from '@podman-api/podman';
import type { Context } from '../operation.ts';

/** The label of a container, the variable of a process in one, and that of a podman process: which job they are of. */
export const jobLabel = 'podman-api.job';
const jobVariable = 'PODMAN_API_JOB';
const podmanVariable = 'PODMAN_API_PODMAN_OF';

interface Marked {
  /** Variables for the command's processes. */
  readonly marks: Readonly<Record<string, string>>;
  readonly options: Pick<CommandOptions, 'signal' | 'stop' | 'env'>;
}

/**
 * Marks the processes of an exec with their job, so that they can be ended when its time is over: signalling
 * `podman exec` itself leaves them running (podman#10320).
 * @param graceMs time between SIGTERM and SIGKILL, as for `Podman.kill`
 */
export function marked(podman: Podman, container: string, { job, signal }: Context, graceMs?: number): Marked {
  const stop = () => podman.kill(container, `${jobVariable}=${job}`, graceMs);
  return { marks: { [jobVariable]: job }, options: { signal, stop, env: traced({ job }) } };
}

/** Ends what a job whose worker died has left running in a container; what became of it, nobody saw. */
export async function endLeftovers(podman: Podman, { name }: { name: string }, context: Context): Promise<undefined> {
  const end = () => podman.kill(name, `${jobVariable}=${context.job}`);
  await end();
  // A podman that was still starting may have started the command since.
  await settled(podman, context);
  await end();
}

/** Variables for a podman process that may outlive its worker, so that another can wait for it by `Podman.settle`. */
export function traced({ job }: Pick<Context, 'job'>): Readonly<Record<string, string>> {
  return { [podmanVariable]: job };
}

/** Resolves when no podman process of a job that was `traced` runs any more. */
export async function settled(podman: Podman, { job }: Context): Promise<void> {
  await podman.settle(`${podmanVariable}=${job}`);
}
