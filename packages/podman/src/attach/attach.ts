import type { RunPodman } from '../process/run-process.ts';
import type { AttachCommand, AttachOptions } from './start-attached.ts';

/**
 * Returns the function for `Podman.attach`.
 * @param run runs podman outside of the limit on commands
 */
export function createAttach(run: RunPodman) {
  return async (
    { container, onStdin }: Pick<AttachCommand, 'container' | 'onStdin'>,
    { take, ...options }: Pick<AttachOptions, 'take' | 'signal' | 'env'>,
  ): Promise<void> => {
    // `podman attach` would add a newline to the output. The filter keeps podman from starting a container that has ended.
    const flags = ['--attach', '--sig-proxy=false', '--detach-keys=', ...(onStdin ? ['--interactive'] : []), '--filter=status=running'];
    await run(['start', ...flags, '--', container], { ...options, ...(onStdin && { onStdin }) }, take);
  };
}
