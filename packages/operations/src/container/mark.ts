import type { CommandOptions, Podman } from '@podman-api/podman';
import type { Context } from '../operation.ts';

/** The label of a container and the variable of a process that tell which job made it. */
export const jobLabel = 'podman-api.job';
const jobVariable = 'PODMAN_API_JOB';

/**
 * Marks the processes of an exec with their job, so that they can be ended when its time is over: signalling
 * `podman exec` itself leaves them running (podman#10320).
 */
export function marked(podman: Podman, container: string, { job, signal }: Context): { args: string[]; options: CommandOptions } {
  const variable = `${jobVariable}=${job}`;
  return { args: ['--env', variable], options: { signal, stop: () => podman.kill(container, variable) } };
}
