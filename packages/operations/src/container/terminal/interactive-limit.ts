import { ApiError } from '@podman-api/errors';
import type { TaskContext } from '../../operation.ts';

/** Maximum number of commands that run as long as their clients want: each has a podman process and a conmon, together about 30 MiB. */
const maxPerWorker = 100;
/** Maximum number for one token, so that others remain for other tokens. Without tokens, there is only one caller. */
const maxPerToken = 75;

/** Counts the interactive commands of a worker: terminals, and containers that were started for a client that is attached. */
export class InteractiveLimit {
  readonly #counts = new Map<string | null, number>();

  /**
   * Runs a command.
   * @throws ApiError (503) if the worker, or the token of the job, has reached its limit: nothing is run then
   */
  async run<Result>({ token }: Pick<TaskContext, 'token'>, command: () => Promise<Result>): Promise<Result> {
    const own = this.#counts.get(token) ?? 0;
    const all = this.#counts.values().reduce((sum, count) => sum + count, 0);
    if (all >= maxPerWorker) throw limitError(`The worker has ${maxPerWorker}`);
    if (token !== null && own >= maxPerToken) throw limitError(`The token has ${maxPerToken} on this worker`);
    this.#counts.set(token, own + 1);
    try {
      return await command();
    } finally {
      const left = (this.#counts.get(token) ?? 1) - 1;
      if (left > 0) this.#counts.set(token, left);
      else this.#counts.delete(token);
    }
  }
}

function limitError(subject: string): ApiError {
  const message = `${subject} terminals and attached containers, which is the limit: close one, or try again later.`;
  return new ApiError('ServiceUnavailableError', message);
}

/** The limit of this process. */
export const interactiveLimit = new InteractiveLimit();
