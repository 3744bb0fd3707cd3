import { ApiError } from '@podman-api/errors';
import { ended, type Recover } from '@podman-api/queue';
import { contextOf, type PerformParts, taskOf } from './perform.ts';

/** How long finding out about a job whose worker died may take, in ms. */
const patience = 60_000;

/**
 * Sees to jobs whose workers have died: what is left of them is ended, and what can be seen of them told.
 * It throws where it could not look.
 */
export function createRecover(parts: PerformParts): Recover {
  const { lanes, log } = parts;
  return async ({ id, operation: name, input }) => {
    const task = taskOf(name);
    const context = contextOf(parts, id, AbortSignal.timeout(patience), () => undefined);
    // The input was checked when the job began; its secrets are gone, and nothing here needs them.
    const found = await task.recover?.(lanes[task.lane], input, context);
    log.info({ job: id, operation: name, found: found !== undefined }, `saw to ${name} of a worker that died`);
    if (found === undefined) return undefined;
    if (found instanceof ApiError) return ended('failed', { error: found.toJSON() });
    const effect = task.effect?.(input, found);
    if (effect) await parts.note(effect, id);
    return ended('succeeded', { result: found });
  };
}
