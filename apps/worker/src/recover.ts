import { type Recover, recovered } from '@podman-api/queue';
import { contextOf, failure, operationOf, type PerformParts } from './perform.ts';

/** How long finding out about a job whose worker died may take, in ms. */
const patience = 60_000;

/** Sees to jobs whose workers have died: what is left of them is ended, and what can be seen of them told. */
export function createRecover({ lanes, config, log }: PerformParts): Recover {
  return async ({ id, operation: name, input }) => {
    try {
      const operation = operationOf(name);
      const context = contextOf(config, id, AbortSignal.timeout(patience), () => undefined);
      // The input was checked when the job began; its secrets are gone, and nothing here needs them.
      const result = await operation.recover?.(lanes[operation.lane], input, context);
      log.info({ job: id, operation: name, found: result !== undefined }, `saw to ${name} of a worker that died`);
      return result && recovered(result);
    } catch (error) {
      return failure(error, log);
    }
  };
}
