import { ApiError } from '@podman-api/errors';
import type { LimitFunction } from 'p-limit';
import type { RunPodman } from '../process/run-process.ts';

/** Default time limit: a podman that takes longer hangs. */
const defaultTimeoutMs = 60_000;

/**
 * Returns a function that runs podman for several callers. No caller's signal ends the run; its time limit does. The time in which the run
 * waits for its slot does not count: on a busy host, many others may be before it.
 * @param processLimit gives a slot to the run
 * @throws ApiError (503) if podman has not ended in time, and as `runProcess`
 */
export function createTimedRun(run: RunPodman, processLimit: LimitFunction, timeoutMs = defaultTimeoutMs): RunPodman {
  return (args, options, sink) =>
    processLimit(async () => {
      const signal = AbortSignal.timeout(timeoutMs);
      const exitCode = await run(args, { ...options, signal }, sink);
      if (exitCode !== null || !signal.aborted) return exitCode;
      const message = `Podman did not answer within ${timeoutMs / 1000} s: try again, and run "npm run doctor" on the node if this happens again.`;
      throw new ApiError('ServiceUnavailableError', message);
    });
}
