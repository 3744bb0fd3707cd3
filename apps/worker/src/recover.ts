import { ApiError } from '@podman-api/errors';
import { createOutcome, type Recover } from '@podman-api/jobs';
import { contextOf, type PerformParts, taskOf } from './perform.ts';

/** Limit for finding out about a job whose worker died. */
const timeoutMs = 60_000;

/**
 * Returns the function that recovers a job of a dead worker: ends its remaining processes and returns its outcome, if that can be
 * observed. It rejects if podman cannot be asked.
 */
export function createRecover(parts: PerformParts): Recover {
  const { lanes, log } = parts;
  return async ({ id, operation: name, input }) => {
    const task = taskOf(name);
    const context = contextOf(parts, id, AbortSignal.timeout(timeoutMs), () => undefined);
    // The input was checked when the job began; its secrets are gone, and nothing here needs them.
    const found = await task.recover?.(lanes[task.lane], input, context);
    log.info({ job: id, operation: name, found: found !== undefined }, `recovered ${name} of a worker that died`);
    if (found === undefined) return undefined;
    if (found instanceof ApiError) return createOutcome('failed', { error: found.toJSON() });
    const effect = task.effect?.(input, found);
    if (effect) await parts.note(effect, id);
    return createOutcome('succeeded', { result: found });
  };
}
