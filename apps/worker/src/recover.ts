import { ApiError } from '@podman-api/errors';
import { createOutcome, type Recover } from '@podman-api/jobs';
import { createContext, type PerformParts, recordTaskEffect, rejectChannel, requireTask } from './perform.ts';

/** Time limit for recovering one job. */
const recoverTimeoutMs = 60_000;

/**
 * Returns the function that recovers a job of a dead worker: ends its remaining processes and returns its outcome, or `undefined`
 * if that cannot be observed. Rejects if podman fails.
 */
export function createRecover(parts: PerformParts): Recover {
  const { lanes, log } = parts;
  return async ({ id, operation: name, token, input }) => {
    const task = requireTask(name);
    const context = createContext(parts, { id, token }, AbortSignal.timeout(recoverTimeoutMs), () => undefined, rejectChannel);
    // The input was validated when the job started. Its secrets are removed since then; recovery needs none.
    const recovered = await task.recover?.(lanes[task.lane], input, context);
    log.info({ job: id, operation: name, found: recovered !== undefined }, `recovered ${name} of a worker that died`);
    if (recovered === undefined) return undefined;
    if (recovered instanceof ApiError) return createOutcome('failed', { error: recovered.toJSON() });
    await recordTaskEffect(parts, task, input, recovered, context);
    return createOutcome('succeeded', { result: recovered });
  };
}
