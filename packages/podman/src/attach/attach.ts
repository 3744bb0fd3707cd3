import { StderrGate } from '../capture/stderr-gate.ts';
import { isPodmanError } from '../error-patterns/classify-error.ts';
import type { RunPodman } from '../process/run-process.ts';
import { FinalNewlineFilter } from './final-newline-filter.ts';
import type { AttachCommand, AttachOptions } from './start-attached.ts';

/**
 * Returns the function for `Podman.attach`. It runs `podman attach`: the runtime refuses `podman start --attach` of a running container
 * with podman 5.4 ("cannot start an already running container"; seen with runc and crun).
 * @param run runs podman outside of the limit on commands
 */
export function createAttach(run: RunPodman) {
  return async (
    { container, onStdin }: Pick<AttachCommand, 'container' | 'onStdin'>,
    { onOutput, ...options }: Pick<AttachOptions, 'onOutput' | 'signal' | 'env'>,
  ): Promise<void> => {
    const flags = ['--sig-proxy=false', '--detach-keys=', ...(onStdin ? [] : ['--no-stdin'])];
    const filter = new FinalNewlineFilter(onOutput);
    const gate = new StderrGate(filter.write);
    try {
      const exitCode = await run(['attach', ...flags, '--', container], { ...options, ...(onStdin && { onStdin }) }, gate.write);
      // A podman that fails or is killed has not written its newline.
      if (exitCode !== 0) await filter.release();
      const held = Buffer.from(gate.discard());
      // Podman reports an error if the container has ended meanwhile.
      const isError = exitCode !== null && isPodmanError(exitCode, held.toString('latin1'));
      if (held.length > 0 && !isError) await onOutput('stderr', held);
    } finally {
      gate.discard();
      await filter.discard();
    }
  };
}
