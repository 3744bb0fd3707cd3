import { ApiError } from '@podman-api/errors';
import type { KoaContext } from '../context.ts';
import { onResponseEnd } from './response-end.ts';

/**
 * Maximum number of streams of one token that a process keeps open. Each takes about 100 KiB of memory, and streams of events read Redis at
 * each event of the fleet.
 */
const maxStreamsPerToken = 1000;

/** Counts the responses of a process that stay open: events, output, logs, and the waits and streams of Docker's clients. */
export class OpenStreams {
  readonly #counts = new Map<string | null, number>();

  /**
   * Counts a response until it ends or, if its connection was taken over, until that closes.
   * @param weight number of ordinary streams that it counts as
   * @throws ApiError (429) if the token has reached its limit
   */
  add(ctx: Pick<KoaContext, 'state' | 'req' | 'res'>, weight = 1): void {
    const name = ctx.state.token?.name ?? null;
    const count = this.#counts.get(name) ?? 0;
    if (count + weight > maxStreamsPerToken) {
      throw new ApiError(
        'RateLimitError',
        `${maxStreamsPerToken} streams are open, which is the limit for a token: close some, and try again.`,
      );
    }
    this.#counts.set(name, count + weight);
    onResponseEnd(ctx, () => {
      const left = (this.#counts.get(name) ?? weight) - weight;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
    });
  }
}
